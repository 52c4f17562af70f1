using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Testing.Bluetooth;

/// <summary>
/// A board with a radio in virtual time, over a stand-in for BlueZ on a private bus: <see cref="RunAsync"/> lets time pass, and the device under test has dealt
/// with everything when it returns. Its electrodes carry what those of a <see cref="VirtualBoard"/> do.
/// </summary>
public sealed class VirtualRadio : IAsyncDisposable
{
    /// <summary>Instants that a board sends at a time, whole frames of the project's own; a strap's packets have their own length.</summary>
    private const int BoardInstants = 50;

    private readonly MessageBus _bus;
    private readonly StandInBlueZ _bluez;
    private readonly WatchedLine _line;
    private readonly EmulatedH10? _strap;
    private readonly EmulatedUartBoard? _board;
    private readonly double[] _millivolts;
    private readonly bool _serial;
    private long _sent;

    private VirtualRadio(MessageBus bus, StandInBlueZ bluez, DeviceProfile profile, Peripheral peripheral)
    {
        (_bus, _bluez, _strap, _board) = (bus, bluez, peripheral as EmulatedH10, peripheral as EmulatedUartBoard);
        _serial = profile.Transport.Kind == TransportKind.Rfcomm;
        SampleRate = _board?.Board.SampleRate ?? EmulatedH10.Rate;
        _millivolts = new double[_board?.Board.Inputs ?? 1];
        _line = new WatchedLine(DeviceLines.Create(profile, peripheral.Address, bus: bus.Address));
    }

    public VirtualScheduler Scheduler { get; } = new(VirtualBoard.Zero);

    public IByteTransport Line => _line;

    public double SampleRate { get; }

    /// <summary>Sampling instants that the board has taken, all of which were sent.</summary>
    public long Taken { get; private set; }

    private bool Listened => _strap?.Streaming ?? (_serial ? _bluez.Serial is not null : _board!.Listened);

    public static async Task<VirtualRadio> StartAsync(DeviceProfile profile)
    {
        Peripheral peripheral = profile.Framing.Kind == "polar-pmd"
            ? new EmulatedH10 { Source = i => (int)Math.Round(1000 * VirtualBoard.Source(0, i, EmulatedH10.Rate)) }
            : new EmulatedUartBoard(profile) { Paired = true };
        var bus = await MessageBus.StartAsync();
        return new VirtualRadio(bus, await StandInBlueZ.StartAsync(bus.Address, peripheral), profile, peripheral);
    }

    public static DateTimeOffset TimeOf(long instant, double rate) => VirtualBoard.Zero + TimeSpan.FromSeconds(instant / rate);

    /// <summary>Lets time pass, from the moment when somebody listens. What the board sends arrives when it has taken the last sample in it.</summary>
    public async Task RunAsync(double seconds)
    {
        await AsyncWait.UntilAsync(() => Listened);
        for (var until = Taken + seconds * SampleRate; Taken < until;)
        {
            var instants = _strap is null ? BoardInstants : EmulatedH10.SamplesPerPacket;
            Scheduler.AdvanceTo(TimeOf(Taken + instants, SampleRate));
            Send(instants);
            await _line.DealtWithAsync(_sent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bluez.DisposeAsync();
        await _bus.DisposeAsync();
    }

    private void Send(int instants)
    {
        if (_strap is not null)
        {
            // Its length goes before each packet in the bytes of the line.
            _strap.SendPacket();
            _sent += 2 + 10 + 3 * instants;
            Taken += instants;
            return;
        }

        for (var end = Taken + instants; Taken < end; Taken++)
        {
            for (var lead = 0; lead < _millivolts.Length; lead++) _millivolts[lead] = VirtualBoard.Source(lead, Taken, SampleRate);
            _board!.Board.Sample(_millivolts);
        }

        _sent += _board!.Flush(_serial ? _bluez.Serial : null);
    }
}
