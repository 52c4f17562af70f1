using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>Notes which frames came, and fails at the first sample that <see cref="FrameSamples"/> did not send.</summary>
internal sealed class CheckingSink : IFrameSink
{
    public List<StreamFormat> Formats { get; } = [];

    public List<(uint Counter, int Instants)> Frames { get; } = [];

    public void OnFormat(StreamFormat format) => Formats.Add(format);

    public void OnSamples(in SampleFrame frame)
    {
        Assert.Equal(Formats[^1].Channels.Count, frame.Channels);
        if (frame.DeviceMicroseconds != FrameSamples.Microseconds(frame.Counter) || frame.LeadOff != FrameSamples.LeadOff(frame.Counter))
            Assert.Fail($"A wrong header was accepted at {frame.Counter}.");
        for (var i = 0; i < frame.Values.Length; i++)
            if (frame.Values[i] != FrameSamples.Value(frame.Counter + (uint)(i / frame.Channels), i % frame.Channels))
                Assert.Fail($"A wrong sample was accepted at {frame.Counter} + {i / frame.Channels}.");
        Frames.Add((frame.Counter, frame.Instants));
    }
}
