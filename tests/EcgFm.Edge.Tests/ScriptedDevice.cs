using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;

namespace EcgFm.Edge.Tests;

/// <summary>A device with the leads II and V1 at a simulated patient, that is lost and comes back by a script; after the last part it ends.</summary>
/// <param name="clock">The virtual clock.</param>
/// <param name="parts">What the patient goes through while the device delivers, and how long it is gone after that.</param>
internal sealed class ScriptedDevice(IScheduler clock, params (string Script, TimeSpan Gone)[] parts) : IEcgSource
{
    private static readonly ChannelLayout Channels = new(["II", "V1"]);
    private static readonly int[] Leads = [(int)Lead.II, (int)Lead.V1];

    private int _part;
    private DateTimeOffset _back = DateTimeOffset.MinValue;

    public string Name => "scripted";

    public IObservable<EcgBlock> Blocks() => Observable.Defer(() =>
    {
        if (clock.Now < _back) return Observable.Throw<EcgBlock>(new DeviceException(DeviceFault.NotFound, "The device is away."));
        var (script, gone) = parts[_part++];
        var samples = new SimulatorSource(RhythmScript.Parse(script), blockDuration: TimeSpan.FromMilliseconds(200), scheduler: clock).Blocks().Select(TwoLeads);
        if (_part == parts.Length) return samples;
        return samples.Concat(Observable.Defer(() =>
        {
            _back = clock.Now + gone;
            return Observable.Throw<EcgBlock>(new DeviceException(DeviceFault.Disconnected, "The device was pulled."));
        }));
    });

    private static EcgBlock TwoLeads(EcgBlock block) => block with
    {
        Channels = Channels,
        Samples = [.. Leads.SelectMany(lead => block.Channel(lead).ToArray())],
        LeadOff = (uint)Leads.Index().Sum(lead => (block.LeadOff >> lead.Item & 1) << lead.Index),
    };
}
