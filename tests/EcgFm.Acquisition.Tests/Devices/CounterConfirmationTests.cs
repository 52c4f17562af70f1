using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Tests.Devices;

public class CounterConfirmationTests
{
    [Theory]
    // What follows is never held back.
    [InlineData("10 11 12 13", "10 11 12 13")]
    [InlineData("254 255 0 1", "254 255 0 1")]
    // A loss, and a second one before the first is confirmed.
    [InlineData("10 11 12 40 41 42", "10 11 12 40 41 42")]
    [InlineData("10 11 12 40 42 43 44", "10 11 12 40 42 43 44")]
    // A restart.
    [InlineData("200 201 202 0 1 2", "200 201 202 0 1 2")]
    // One bit of a counter, and the same bit of two counters in a row, upward and downward.
    [InlineData("10 11 12 77 14 15 16", "10 11 12 14 15 16")]
    [InlineData("10 11 12 77 78 15 16 17", "10 11 12 15 16 17")]
    [InlineData("30 31 32 1 2 35 36 37", "30 31 32 35 36 37")]
    // Two bits of two counters, as if one frame were lost between them and more before.
    [InlineData("10 11 12 21 30 15 16 17", "10 11 12 15 16 17")]
    public void A_counter_that_jumps_is_believed_when_two_more_say_the_same(string sent, string believed)
    {
        var sink = new Sink();
        var confirmation = new CounterConfirmation(8, sink);
        // Each frame carries its place on the line: what is held must come out with its own samples.
        var counters = sent.Split(' ').Select(uint.Parse).ToArray();
        for (var place = 0; place < counters.Length; place++)
            confirmation.OnSamples(new SampleFrame { Counter = counters[place], LeadOff = (uint)place, Channels = 2, Values = [place, -place] });

        Assert.Equal(believed, string.Join(' ', sink.Frames.Select(frame => counters[frame.Place])));
        Assert.All(sink.Frames, frame => Assert.Equal((counters[frame.Place], (uint)frame.Place, -frame.Place), (frame.Counter, frame.LeadOff, frame.Second)));
        Assert.Equal(counters.Length - sink.Frames.Count, confirmation.Rejected);
    }

    private sealed class Sink : IFrameSink
    {
        public List<(uint Counter, uint LeadOff, int Place, int Second)> Frames { get; } = [];

        public void OnFormat(StreamFormat format) => Assert.Fail("No format was sent.");

        public void OnSamples(in SampleFrame frame) => Frames.Add((frame.Counter, frame.LeadOff, frame.Values[0], frame.Values[1]));
    }
}
