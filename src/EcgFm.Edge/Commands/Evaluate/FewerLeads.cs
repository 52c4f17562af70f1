using System.Reactive.Linq;
using EcgFm.Acquisition;
using EcgFm.Core;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>A source without some of its leads, as a recorder with fewer electrodes would be. A channel that is no lead by its name stays.</summary>
/// <param name="source">The whole.</param>
/// <param name="leads">What is left.</param>
internal sealed class FewerLeads(IEcgSource source, LeadSet leads) : IEcgSource
{
    public string Name => source.Name;

    public IObservable<EcgBlock> Blocks() => Observable.Defer(() =>
    {
        ChannelLayout? whole = null, part = null;
        int[] kept = [];
        return source.Blocks().Select(block =>
        {
            if (!ReferenceEquals(block.Channels, whole))
            {
                whole = block.Channels;
                kept = [.. Enumerable.Range(0, whole.Count).Where(channel => !StandardLeads.TryParse(whole.Names[channel], out var lead) || leads.Contains(lead))];
                if (kept.Length == 0) throw new InvalidDataException($"{Name} has the channels {string.Join(' ', whole.Names)}, and none of the leads {leads}.");
                part = new ChannelLayout([.. kept.Select(channel => whole.Names[channel])]);
            }

            return kept.Length == whole.Count ? block : block with { Channels = part!, Samples = [.. kept.SelectMany(channel => block.Channel(channel).ToArray())] };
        });
    });
}
