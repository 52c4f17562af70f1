using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Bluetooth.HeartRate;

/// <summary>A sensor with the standard Heart Rate Service. It gives no ECG; it tells rate, contact and RR intervals.</summary>
/// <param name="wanted">Its address, or the beginning of its name.</param>
/// <param name="bus">The message bus; the system's unless given.</param>
/// <param name="scheduler">The clock; null means the host's.</param>
/// <param name="log">Gets a line when the sensor says what cannot be read.</param>
public sealed class HeartRateSensor(string wanted, string? bus = null, IScheduler? scheduler = null, ILogger? log = null) : IPulseSource
{
    private static readonly Guid Service = new(BlueZNames.Assigned(0x180D));
    private static readonly Guid Measurement = new(BlueZNames.Assigned(0x2A37));

    /// <summary>The service asks for a message about each second.</summary>
    private static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(10);

    private readonly IScheduler _scheduler = scheduler ?? DefaultScheduler.Instance;
    private readonly ILogger _log = log ?? NullLogger.Instance;

    /// <inheritdoc/>
    public string Name => wanted;

    /// <inheritdoc/>
    /// <remarks>It ends in a <see cref="DeviceException"/> and never completes.</remarks>
    public IObservable<Pulse> Pulses() => Measurements()
        .Select(said => new Pulse(_scheduler.Now, said.BeatsPerMinute > 0 ? said.BeatsPerMinute : null, said.Contact, said.Intervals));

    /// <summary>What it says, about once a second. The sequence is cold; it ends in a <see cref="DeviceException"/> and never completes.</summary>
    public IObservable<HeartRateMeasurement> Measurements() => Listen()
        .Timeout(
            Observable.Never<long>(),
            _ => Observable.Timer(StallAfter, _scheduler),
            Observable.Throw<HeartRateMeasurement?>(new DeviceException(
                DeviceFault.Stalled, $"{wanted}: the sensor has said nothing for {StallAfter.TotalSeconds:0} s. Check that it is worn and its battery is not empty.")))
        .Where(said => said is not null)
        .Select(said => said!);

    /// <summary>What it says, and first a null when it has been asked to: opening has limits of its own, and from then on silence counts.</summary>
    private IObservable<HeartRateMeasurement?> Listen() => Observable.Create<HeartRateMeasurement?>(async (observer, stop) =>
    {
        var link = await GattLink.OpenAsync(wanted, Service, bus, TimeSpan.FromSeconds(20), stop).ConfigureAwait(false);
        await using (link.ConfigureAwait(false))
        {
            var notifications = await link.NotifyAsync(Measurement, stop).ConfigureAwait(false);
            observer.OnNext(null);
            var understood = true;
            while (await notifications.ReadAsync(stop).ConfigureAwait(false) is { IsEmpty: false } value)
                if (Read(value.Span, ref understood) is { } measurement)
                    observer.OnNext(measurement);

            throw await link.LostAsync().ConfigureAwait(false);
        }
    });

    private HeartRateMeasurement? Read(ReadOnlySpan<byte> value, ref bool understood)
    {
        try
        {
            var read = HeartRateMeasurement.Parse(value);
            understood = true;
            return read;
        }
        catch (FormatException fault)
        {
            if (understood) _log.LogWarning("{Name}: {Fault} It is left out.", wanted, fault.Message);
            understood = false;
            return null;
        }
    }
}
