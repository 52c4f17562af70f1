using EcgFm.Core;

namespace EcgFm.Acquisition;

/// <summary>A sensor that counts the beats itself and gives no ECG.</summary>
public interface IPulseSource : ISource
{
    /// <summary>What it says, about once a second. The sequence is cold: subscribing connects, disposing leaves the sensor.</summary>
    IObservable<Pulse> Pulses();
}
