using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>The stages from a device's blocks to assessed windows.</summary>
public static partial class SignalOperators
{
    /// <summary>
    /// Brings a device's channels to the twelve standard leads, in the order of <see cref="StandardLeads.Names"/>.
    /// </summary>
    /// <remarks>
    /// Without a map channels are known by their names (<see cref="StandardLeads.TryParse"/>); where none is, a single channel, or the only one called
    /// ECG or EKG, counts as lead I, and two that are called so as II and V1. Limb leads that the source lacks are computed from two that it has, for I and II: III = II − I, aVR = −(I + II)/2,
    /// aVL = I − II/2, aVF = II − I/2; a sample missing in either is missing in the result, and an electrode off in either counts for it.
    /// Any other lead that the source lacks is zero and marked in <see cref="EcgBlock.Absent"/>.
    /// Without a map a block in <see cref="StandardLeads.Layout"/> passes as it is.
    /// </remarks>
    /// <param name="source">Blocks of any layout; the layout may change on the way.</param>
    /// <param name="map">Which channel carries which lead, or null to go by the names.</param>
    /// <returns>Blocks of [12 × length]. Fails with <see cref="InvalidOperationException"/> when no channel can be taken for a lead.</returns>
    public static IObservable<EcgBlock> ToStandardLeads(this IObservable<EcgBlock> source, LeadMap? map = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            LeadPlan? plan = null;
            return source.Select(block =>
            {
                if (map is null && ReferenceEquals(block.Channels, StandardLeads.Layout)) return block;
                if (!ReferenceEquals(plan?.Layout, block.Channels)) plan = new LeadPlan(block.Channels, map);
                return plan!.Apply(block);
            });
        });
    }
}
