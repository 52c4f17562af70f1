using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace EcgFm.Acquisition.Emulation;

/// <summary>
/// A HackEEG shield with an ADS1298 on an Arduino Due, after starcat-io's driver (0.4.0) and the ADS1298 data sheet: text commands after power-on, then JSON
/// lines, samples as JSON or MessagePack.
/// </summary>
public sealed class EmulatedHackEeg : BoardEmulator
{
    private const int Config4 = 0x17, LoffSensP = 0x0F, Ch1Set = 0x05;

    /// <summary>Amplification for each code in bits 4 to 6 of CHnSET.</summary>
    private static readonly int[] Gains = [6, 1, 2, 3, 4, 8, 12];

    private readonly byte[] _registers = new byte[0x1A];
    private readonly List<byte> _command = [];
    private Mode _mode;
    private uint _number;
    private ulong _instants;

    /// <param name="line">Takes what it sends.</param>
    public EmulatedHackEeg(IBufferWriter<byte> line)
        : base(line, 8, 500) => Say("Ready");

    private enum Mode
    {
        Text,
        JsonLines,
        MessagePack,
    }

    /// <summary>What one count of an input stands for, in volts at the electrodes.</summary>
    public double VoltsPerCount(int input) => 2.4 / Gains[Math.Min(_registers[Ch1Set + input] >> 4 & 7, Gains.Length - 1)] / 8388607;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\r') continue;
            if (value != '\n')
            {
                _command.Add(value);
                continue;
            }

            if (_mode == Mode.Text) Execute(Encoding.ASCII.GetString([.. _command]).Trim(), []);
            else ExecuteJson([.. _command]);
            _command.Clear();
        }
    }

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0)
    {
        _instants++;
        if (!Streaming) return;
        Span<byte> sample = stackalloc byte[35];
        BinaryPrimitives.WriteUInt32LittleEndian(sample, (uint)(_instants * 2000));
        BinaryPrimitives.WriteUInt32LittleEndian(sample[4..], _number++);
        // The comparators see an electrode only where they are switched on.
        var off = (_registers[Config4] & 2) != 0 ? leadOff & _registers[LoffSensP] : 0;
        var status = 0xC00000u | off << 12;
        (sample[8], sample[9], sample[10]) = ((byte)(status >> 16), (byte)(status >> 8), (byte)status);
        for (var i = 0; i < Inputs; i++)
        {
            var count = Count24(millivolts[i] / 1000 / VoltsPerCount(i));
            (sample[11 + 3 * i], sample[12 + 3 * i], sample[13 + 3 * i]) = ((byte)(count >> 16), (byte)(count >> 8), (byte)count);
        }

        if (_mode == Mode.MessagePack)
        {
            ReadOnlySpan<byte> header = [0x82, 0xA1, 0x43, 0xCC, 0xC8, 0xA1, 0x44, 0xC4, 35];
            Line.Write(header);
            Line.Write(sample);
            return;
        }

        var encoded = Convert.ToBase64String(sample);
        Line.Write(Encoding.ASCII.GetBytes(_mode == Mode.JsonLines ? $"{{\"C\":200,\"D\":\"{encoded}\"}}\n" : encoded + "\r\n"));
    }

    private void ExecuteJson(byte[] command)
    {
        try
        {
            using var document = JsonDocument.Parse(command);
            var parameters = document.RootElement.TryGetProperty("PARAMETERS", out var list) ? list.EnumerateArray().Select(p => p.GetInt32()).ToArray() : [];
            Execute(document.RootElement.GetProperty("COMMAND").GetString()!, parameters);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Answer(400, "Bad request");
        }
    }

    private void Execute(string command, int[] parameters)
    {
        switch (command)
        {
            case "jsonlines":
                _mode = Mode.JsonLines;
                break;
            case "messagepack":
                _mode = Mode.MessagePack;
                break;
            case "text":
                _mode = Mode.Text;
                break;
            case "wreg" when parameters is [>= 0 and < 0x1A, >= 0 and <= 255]:
                _registers[parameters[0]] = (byte)parameters[1];
                break;
            case "start":
                _number = 0;
                break;
            case "rdatac":
                Answer(200, "Ok");
                Streaming = true;
                return;
            case "sdatac":
                Streaming = false;
                break;
            case "nop" or "stop":
                break;
            default:
                Answer(406, "Unrecognized command");
                return;
        }

        Answer(200, "Ok");
    }

    private void Answer(int code, string text) => Say(_mode == Mode.Text ? $"{code} {text}" : $"{{\"STATUS_CODE\":{code},\"STATUS_TEXT\":\"{text}\"}}");

    private void Say(string text) => Line.Write(Encoding.ASCII.GetBytes(text + "\r\n"));
}
