using System.Buffers;
using System.Globalization;
using System.Text;

namespace EcgFm.Acquisition.Emulation;

/// <summary>OpenBCI's Cyton, with or without a daisy board, after "Cyton Data Format" and "Cyton Board SDK" (firmware 3.1).</summary>
/// <param name="line">Takes what it sends.</param>
/// <param name="daisy">Whether a daisy board is seated.</param>
public sealed class EmulatedCyton(IBufferWriter<byte> line, bool daisy = false) : BoardEmulator(line, daisy ? 16 : 8, daisy ? 125 : 250)
{
    private const string Channels = "12345678QWERTYUI";

    /// <summary>The lead-off test's current: amperes, hertz; what stands before each electrode on the board, and what an open input has, in ohms.</summary>
    private const double DriveAmperes = 6e-9, DriveHertz = 31.25, SeriesOhms = 2200, OpenOhms = 20e6;

    private static readonly int[] GainCodes = [1, 2, 4, 6, 8, 12, 24];

    private readonly int[] _gains = [.. Enumerable.Repeat(24, Channels.Length)];
    private readonly bool[] _poweredDown = new bool[Channels.Length];
    private readonly int[] _driven = new int[Channels.Length];
    private readonly StringBuilder _command = new();
    private byte _packet;
    private long _instants;
    private bool _timeStamps;

    /// <summary>What one count of an input stands for, in volts at the electrodes.</summary>
    public double VoltsPerCount(int input) => 4.5 / _gains[input] / 8388607;

    /// <summary>The impedance of each electrode, in ohms.</summary>
    public double ElectrodeOhms { get; set; } = 20_000;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _command.Append((char)value);
            // Channel settings end with X and impedance settings with Z; everything else is one letter.
            var whole = _command[0] switch { 'x' => value == 'X' || _command.Length > 9, 'z' => value == 'Z' || _command.Length > 5, _ => true };
            if (!whole) continue;
            Execute(_command.ToString());
            _command.Clear();
        }
    }

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0)
    {
        _instants++;
        if (!Streaming) return;
        if (!daisy)
        {
            Packet(millivolts, leadOff, 0);
            return;
        }

        // Odd packets are the board's, even ones the daisy's.
        if (_packet % 2 == 0) _packet++;
        Packet(millivolts, leadOff, 0);
        Packet(millivolts, leadOff, 8);
    }

    private void Execute(string command)
    {
        switch (command[0])
        {
            case 'v':
                Streaming = false;
                Defaults();
                Say($"OpenBCI V3 8-16 channel\nOn Board ADS1299 Device ID: 0x3E\n{(daisy ? "On Daisy ADS1299 Device ID: 0x3E\n" : "")}LIS3DH Device ID: 0x33\nFirmware: v3.1.1\n$$$");
                break;
            case 'd':
                Defaults();
                Say("updating channel settings to default$$$");
                break;
            case 'b':
                Streaming = true;
                _packet = 0;
                break;
            case 's':
                Streaming = false;
                break;
            case 'C':
                Say(daisy ? "16$$$" : "no daisy to attach!8$$$");
                break;
            case '<':
                _timeStamps = true;
                Say("Time stamp ON$$$");
                break;
            case '>':
                _timeStamps = false;
                Say("Time stamp OFF$$$");
                break;
            case 'x':
                ChannelSetting(command);
                break;
            case 'z':
                var lead = command.Length == 5 && command[4] == 'Z' ? Channels.IndexOf(command[1], StringComparison.Ordinal) : -1;
                if (lead >= 0) _driven[lead] = command[2] - '0' + command[3] - '0';
                Say(lead >= 0 ? string.Create(CultureInfo.InvariantCulture, $"Success: Lead off set for {lead + 1}$$$") : "Failure: 5th char not Z$$$");
                break;
        }
    }

    private void ChannelSetting(string command)
    {
        var input = command.Length == 9 ? Channels.IndexOf(command[1], StringComparison.Ordinal) : -1;
        if (input < 0 || command[8] != 'X')
        {
            Say("Failure: 9th char not X$$$");
            return;
        }

        _poweredDown[input] = command[2] == '1';
        _gains[input] = GainCodes[Math.Clamp(command[3] - '0', 0, GainCodes.Length - 1)];
        Say(string.Create(CultureInfo.InvariantCulture, $"Success: Channel set for {input + 1}$$$"));
    }

    private void Defaults()
    {
        Array.Fill(_gains, 24);
        Array.Clear(_poweredDown);
        Array.Clear(_driven);
    }

    private void Packet(ReadOnlySpan<double> millivolts, uint leadOff, int first)
    {
        var packet = Line.GetSpan(33)[..33];
        packet.Clear();
        packet[0] = 0xA0;
        packet[1] = _packet++;
        for (var i = 0; i < 8; i++)
        {
            var input = first + i;
            var off = (leadOff >> input & 1) != 0;
            var volts = millivolts[input] / 1000 + Drive(input, off);
            var count = off && _driven[input] == 0 ? 8388607 : _poweredDown[input] ? 0 : Count24(volts / VoltsPerCount(input));
            packet[2 + 3 * i] = (byte)(count >> 16);
            packet[3 + 3 * i] = (byte)(count >> 8);
            packet[4 + 3 * i] = (byte)count;
        }

        packet[32] = 0xC0;
        if (_timeStamps)
        {
            var milliseconds = (uint)(_instants * 1000 / SampleRate);
            for (var i = 0; i < 4; i++) packet[28 + i] = (byte)(milliseconds >> (24 - 8 * i));
            packet[32] = 0xC4;
        }

        Line.Advance(33);
    }

    /// <summary>The voltage of the lead-off test's current: it flows through each electrode that it was switched on for.</summary>
    private double Drive(int input, bool off) =>
        _driven[input] == 0 ? 0 : DriveAmperes * _driven[input] * (SeriesOhms + (off ? OpenOhms : ElectrodeOhms)) * Math.Sin(2 * Math.PI * DriveHertz * _instants / SampleRate);

    /// <summary>While it streams it does not answer.</summary>
    private void Say(string text)
    {
        if (!Streaming) Line.Write(Encoding.ASCII.GetBytes(text));
    }
}
