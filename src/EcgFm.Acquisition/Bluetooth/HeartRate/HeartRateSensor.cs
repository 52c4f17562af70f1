using System.Reactive.Linq;

namespace EcgFm.Acquisition.Bluetooth.HeartRate;

/// <summary>A sensor with the standard Heart Rate Service. It gives no ECG, so it is no source of a bed; it tells rate, contact and RR intervals.</summary>
/// <param name="wanted">Its address, or the beginning of its name.</param>
/// <param name="bus">The message bus; the system's unless given.</param>
public sealed class HeartRateSensor(string wanted, string? bus = null)
{
    private static readonly Guid Service = new(BlueZNames.Assigned(0x180D));
    private static readonly Guid Measurement = new(BlueZNames.Assigned(0x2A37));

    /// <summary>What it says, about once a second. The sequence is cold; it ends in a <see cref="DeviceException"/> and never completes.</summary>
    public IObservable<HeartRateMeasurement> Measurements() => Observable.Create<HeartRateMeasurement>(async (observer, stop) =>
    {
        var link = await GattLink.OpenAsync(wanted, Service, bus, TimeSpan.FromSeconds(20), stop).ConfigureAwait(false);
        await using (link.ConfigureAwait(false))
        {
            var notifications = await link.NotifyAsync(Measurement, stop).ConfigureAwait(false);
            while (await notifications.ReadAsync(stop).ConfigureAwait(false) is { IsEmpty: false } value) observer.OnNext(HeartRateMeasurement.Parse(value.Span));
            throw await link.LostAsync().ConfigureAwait(false);
        }
    });
}
