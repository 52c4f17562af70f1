using System.Buffers;
using EcgFm.Acquisition.Frames;
using EcgFm.Core;

namespace EcgFm.Acquisition.Emulation;

/// <summary>A front end that sends the project's own frame (<c>device/frame</c>): twelve leads at 500 Hz, an info frame each second, frames of 20 ms.</summary>
/// <param name="line">Takes what it sends.</param>
/// <param name="streamId">The number of the stream, another one for each start.</param>
public sealed class EmulatedFrontEnd(IBufferWriter<byte> line, ushort streamId = 1) : BoardEmulator(line, StandardLeads.Count, Rate)
{
    private const double Rate = 500;
    private const int Instants = 10;

    /// <summary>Nanovolts of one count.</summary>
    public const double NanovoltsPerCount = 1000;

    private readonly FrameEncoder _encoder = new(new StreamFormat
    {
        Channels = StandardLeads.Layout,
        SampleRate = Rate,
        NanovoltsPerCount = [.. Enumerable.Repeat(NanovoltsPerCount, StandardLeads.Count)],
        DeviceId = 1,
        StreamId = streamId,
        DeviceName = "emulator",
    });

    private readonly int[] _values = new int[Instants * StandardLeads.Count];
    private int _instants;
    private uint _counter, _leadOff;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        // It takes no commands.
    }

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0)
    {
        Streaming = true;
        for (var i = 0; i < Inputs; i++) _values[_instants * Inputs + i] = Count24(millivolts[i] * 1e6 / NanovoltsPerCount);
        _leadOff |= leadOff;
        if (++_instants < Instants) return;
        if (_counter % (uint)Rate == 0) Line.Advance(_encoder.WriteInfo(Line.GetSpan(FrameEncoder.MaxFrameLength)));
        var frame = new SampleFrame { Counter = _counter, DeviceMicroseconds = _counter * 2000, LeadOff = _leadOff, Channels = Inputs, Values = _values };
        Line.Advance(_encoder.WriteSamples(frame, Line.GetSpan(FrameEncoder.MaxFrameLength)));
        _counter += Instants;
        (_instants, _leadOff) = (0, 0);
    }
}
