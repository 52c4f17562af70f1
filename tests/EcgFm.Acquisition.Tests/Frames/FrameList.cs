using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>Keeps the frames that a decoder finds.</summary>
internal sealed class FrameList : IFrameSink
{
    public List<(uint Counter, uint? Microseconds, uint LeadOff, int[] Values)> Frames { get; } = [];

    public void OnFormat(StreamFormat format) => Assert.Fail("These frames say nothing of their format.");

    public void OnSamples(in SampleFrame frame) => Frames.Add((frame.Counter, frame.DeviceMicroseconds, frame.LeadOff, frame.Values.ToArray()));
}
