using System.Buffers.Binary;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Bluetooth.Polar;

/// <summary>The dialogue over the control point of Polar's measurement data service: what the sensor can, start, stop.</summary>
/// <param name="link">The connection.</param>
/// <param name="answers">The indications of the control point.</param>
/// <param name="log">Gets what is odd and goes on all the same.</param>
internal sealed class PmdControl(GattLink link, GattNotifications answers, ILogger log)
{
    private const byte Features = 0x0F, Answer = 0xF0, DeviceStopped = 0x01;
    private const byte GetSettings = 0x01, Start = 0x02, Stop = 0x03;
    private const byte Ecg = 0x00;
    private const byte RateSetting = 0x00, ResolutionSetting = 0x01;
    private const byte Done = 0, AlreadyInState = 6;
    private const ushort Rate = 130, Resolution = 14;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Has the sensor send ECG: 130 Hz, 14 bits.</summary>
    /// <exception cref="DeviceException">It has none, or refuses; the message says why in words.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var features = await link.ReadAsync(PmdUuids.Control, cancellation).ConfigureAwait(false);
        if (features is not [Features, var can, ..] || (can & 1) == 0) throw Refuse("this sensor gives no ECG; a Polar H10 is needed");

        var settings = await AskAsync([GetSettings, Ecg], cancellation).ConfigureAwait(false);
        if (settings.Status != Done) throw Refuse(Words(settings.Status));
        Require(settings.Parameters, RateSetting, Rate, "Hz");
        Require(settings.Parameters, ResolutionSetting, Resolution, "bits");

        byte[] start = [Start, Ecg, RateSetting, 1, (byte)Rate, 0, ResolutionSetting, 1, (byte)Resolution, 0];
        var started = await AskAsync(start, cancellation).ConfigureAwait(false);
        if (started.Status == AlreadyInState)
        {
            // Somebody left without a word, perhaps this program before it was killed.
            log.LogInformation("{Name}: the sensor was still measuring for somebody; it is started anew.", link.Name);
            await AskAsync([Stop, Ecg], cancellation).ConfigureAwait(false);
            started = await AskAsync(start, cancellation).ConfigureAwait(false);
        }

        if (started.Status != Done) throw Refuse(Words(started.Status));
    }

    /// <summary>Has the sensor stop: else it goes on until its battery is empty, and refuses the next start.</summary>
    public async Task StopAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerWithin);
            await AskAsync([Stop, Ecg], patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DeviceException or OperationCanceledException)
        {
            // It is out of reach already: then it stops by itself.
        }
    }

    /// <summary>Waits until the sensor ends the measurement by itself; null when the line ends before.</summary>
    public async Task<DeviceException?> StoppedAsync(CancellationToken cancellation)
    {
        while (await answers.ReadAsync(cancellation).ConfigureAwait(false) is { IsEmpty: false } said)
            if (said.Span[0] == DeviceStopped && said.Span[1..].Contains(Ecg))
                return new DeviceException(DeviceFault.Disconnected, $"{link.Name}: the sensor has ended the measurement by itself: its battery is low, or it was put into its charger.");
        return null;
    }

    private async Task<(byte Status, byte[] Parameters)> AskAsync(byte[] request, CancellationToken cancellation)
    {
        await link.RequestAsync(PmdUuids.Control, request, cancellation).ConfigureAwait(false);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(AnswerWithin);
        try
        {
            var parameters = new List<byte>();
            while (true)
            {
                var said = await answers.ReadAsync(late.Token).ConfigureAwait(false);
                if (said.IsEmpty) throw await link.LostAsync().ConfigureAwait(false);
                // An answer that somebody else's request got, or a stream that ended, is not ours.
                if (said.Length < 4 || said.Span[0] != Answer || said.Span[1] != request[0] || said.Span[2] != request[1]) continue;
                if (said.Length > 5) parameters.AddRange(said.Span[5..]);
                if (said.Length < 5 || said.Span[4] == 0) return (said.Span[3], [.. parameters]);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DeviceException(DeviceFault.Stalled, $"{link.Name}: the sensor does not answer. Take it off the strap for ten seconds and put it back.");
        }
    }

    /// <summary>Settings are a type, a count, and as many 16-bit values.</summary>
    private void Require(ReadOnlySpan<byte> settings, byte type, ushort wanted, string unit)
    {
        while (settings.Length >= 2)
        {
            var (found, count) = (settings[0], settings[1]);
            if (settings.Length < 2 + 2 * count) break;
            if (found == type)
                for (var i = 0; i < count; i++)
                    if (BinaryPrimitives.ReadUInt16LittleEndian(settings[(2 + 2 * i)..]) == wanted)
                        return;
            settings = settings[(2 + 2 * count)..];
        }

        throw Refuse($"the sensor does not offer ECG with {wanted} {unit}; its firmware may be newer than this program");
    }

    private DeviceException Refuse(string why) => new(DeviceFault.Failed, $"{link.Name}: {why}.");

    private static string Words(byte status) => status switch
    {
        1 => "the sensor does not know the request (error 1)",
        2 => "the sensor does not know this measurement (error 2)",
        3 => "the sensor does not support the measurement (error 3)",
        5 => "the sensor refuses a parameter (error 5)",
        6 => "the sensor is measuring already and cannot be started anew (error 6). Take it off the strap for ten seconds",
        7 => "the sensor refuses the resolution (error 7)",
        8 => "the sensor refuses the sampling rate (error 8)",
        10 => "the Bluetooth link carries too small packets (error 10): an MTU of 232 is needed. Use another Bluetooth adapter",
        13 => "the sensor is in its charger (error 13). Take it out and put it on the strap",
        _ => $"the sensor refuses (error {status})",
    };
}
