using EcgFm.Core;

namespace EcgFm.Acquisition;

/// <summary>Anything that ECG comes from: a device, a record, the simulator.</summary>
public interface IEcgSource : ISource
{
    /// <summary>
    /// The blocks, in order and without overlap. The sequence is cold: subscribing opens the source, disposing the subscription closes it,
    /// and every subscription starts again from the first sample.
    /// </summary>
    IObservable<EcgBlock> Blocks();
}
