using System.Buffers;
using EcgFm.Acquisition.Profiles;
using EcgFm.Core;

namespace EcgFm.Acquisition.Emulation;

/// <summary>
/// A board on a pseudo-terminal: takes commands from it and sends the samples of twelve standard leads. What the line does not take at once is lost, as on a
/// serial port without flow control.
/// </summary>
public sealed class EmulatedBoard
{
    private readonly Pty _line;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Lock _turn = new();
    private readonly BoardEmulator _board;
    private readonly int[] _wiring;
    private readonly double[] _millivolts;

    /// <param name="profile">The board.</param>
    /// <param name="line">The line; it is not closed here.</param>
    public EmulatedBoard(DeviceProfile profile, Pty line)
    {
        _line = line;
        _board = BoardEmulator.Create(profile, _bytes);
        _wiring = _board.Wiring(profile);
        _millivolts = new double[_board.Inputs];
    }

    /// <summary>Samples per second that <see cref="Send(EcgBlock)"/> takes.</summary>
    public double SampleRate => _board.SampleRate;

    /// <summary>Answers commands until the line ends or it is told to stop.</summary>
    public async Task AnswerAsync(CancellationToken stop)
    {
        var received = new byte[256];
        while (true)
        {
            var read = await _line.Device.ReadAsync(received, stop).ConfigureAwait(false);
            if (read == 0) return;
            lock (_turn)
            {
                _board.Receive(received.AsSpan(0, read));
                Send();
            }
        }
    }

    /// <summary>Sends a block of twelve standard leads; a missing sample is sent as zero.</summary>
    /// <exception cref="ArgumentException">The block has other channels or another rate.</exception>
    public void Send(EcgBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.Channels.Count != StandardLeads.Count || block.SampleRate != SampleRate)
            throw new ArgumentException("The board takes twelve standard leads at its own rate.", nameof(block));
        uint off = 0;
        for (var i = 0; i < _wiring.Length; i++)
            if (_wiring[i] >= 0)
                off |= (block.LeadOff >> _wiring[i] & 1) << i;
        lock (_turn)
        {
            for (var at = 0; at < block.Length; at++)
            {
                for (var i = 0; i < _wiring.Length; i++)
                    _millivolts[i] = _wiring[i] >= 0 && block.Channel(_wiring[i])[at] is var value && float.IsFinite(value) ? value : 0;
                _board.Sample(_millivolts, off);
            }

            Send();
        }
    }

    private void Send()
    {
        if (_bytes.WrittenCount > 0) _line.Offer(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
    }
}
