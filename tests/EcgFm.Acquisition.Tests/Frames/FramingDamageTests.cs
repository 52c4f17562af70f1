using System.Buffers;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Tests.Emulation;
using EcgFm.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>
/// Every framing with one byte in a hundred flipped, dropped or doubled. <c>ECGFM_FUZZ_FRAMES=1000000</c> is the long run, a million frames for each.
/// </summary>
public class FramingDamageTests(ITestOutputHelper output)
{
    private const int Quiet = 40;

    private static readonly DateTimeOffset Zero = VirtualBoard.Zero;

    private static int FrameCount => int.TryParse(Environment.GetEnvironmentVariable("ECGFM_FUZZ_FRAMES"), out var frames) ? frames : 20_000;

    [Theory]
    [MemberData(nameof(BoardTests.Boards), MemberType = typeof(BoardTests))]
    public void A_damaged_line_costs_what_is_damaged_and_every_loss_is_accounted_for(string name)
    {
        var profile = VirtualBoard.Profile(name) with { Settling = TimeSpan.Zero };
        var sent = new ArrayBufferWriter<byte>();
        var board = BoardEmulator.Create(profile, sent);
        if (profile.Framing.Kind == "openbci-cyton") board.Receive("b"u8);
        if (profile.Framing.Kind.StartsWith("hackeeg", StringComparison.Ordinal))
            board.Receive(profile.Framing.Kind == "hackeeg-jsonl" ? "jsonlines\n{\"COMMAND\":\"rdatac\"}\n"u8 : "messagepack\n{\"COMMAND\":\"rdatac\"}\n"u8);
        sent.ResetWrittenCount();

        var random = new Random(name.Length);
        var delivered = new Dictionary<long, int>();
        var format = profile.Format;
        var assembler = new BlockAssembler("line", profile, true, DeviceOptions.Default, NullLogger.Instance, _ => { });
        var tap = new Tap(assembler, profile, delivered);
        IFrameSink sink = profile.CounterMustBeConfirmed ? new CounterConfirmation(profile.CounterBits, tap) : tap;
        var decoder = profile.CreateDecoder("line");
        if (format is not null) sink.OnFormat(format);

        var millivolts = new double[board.Inputs];
        var intact = new List<bool>();
        long instants = 0;
        var instantsPerFrame = name == "ecgfm" ? 10 : 1;
        var frames = FrameCount;
        for (var frame = 0; frame < frames; frame++)
        {
            sent.ResetWrittenCount();
            for (var i = 0; i < instantsPerFrame; i++, instants++)
            {
                for (var input = 0; input < millivolts.Length; input++) millivolts[input] = Value(instants, input);
                board.Sample(millivolts);
            }

            var bytes = sent.WrittenSpan.ToArray();
            var damaged = frame is < Quiet || frame > frames - Quiet ? bytes : Damage.To(bytes, random, 0.01);
            intact.Add(damaged.AsSpan().SequenceEqual(bytes));
            var arrival = Zero.AddSeconds(instants / board.SampleRate);
            assembler.Arrived(damaged.Length, arrival, arrival);
            decoder.Decode(damaged, sink);
            assembler.Flush();
        }

        assembler.End();
        var s = assembler.Statistics(decoder.Counts);
        var lost = instants - s.Received;
        output.WriteLine($"{name}: {frames} frames, {intact.Count(i => !i)} damaged, {s.Received} of {instants} instants came, {tap.Wrong} frames with wrong samples");

        // Two intact frames in a row: the second is there, and so is the first of three.
        for (var i = 1; i < frames - 3; i++)
            if (intact[i - 1] && intact[i] && intact[i + 1] && intact[i + 2] && !delivered.ContainsKey(i * instantsPerFrame))
                Assert.Fail($"Frame {i} and its neighbours are intact, and it did not come.");
        if (profile.KnownFraming.HasChecksum) Assert.Equal(0, tap.Wrong);
        // A frame without a checksum can be wrong where no byte is out of place; two thirds of the damage moves bytes, and shows.
        Assert.InRange(tap.Wrong, 0, intact.Count(i => !i) * 0.45);
        if (profile.CounterBits > 0)
        {
            Assert.Equal(lost, s.Interpolated + s.Missing);
            Assert.Equal(0, s.Duplicates + s.Late);
        }
        else
        {
            Assert.Equal(instants, s.Received + s.Interpolated + s.Missing, instants * 0.005);
        }

        Assert.Equal(0, s.Restarts);
        Assert.True(lost > frames / 100);
    }

    [Theory]
    [MemberData(nameof(BoardTests.Boards), MemberType = typeof(BoardTests))]
    public void Noise_is_no_frame_and_costs_one_line_of_log(string name)
    {
        var profile = VirtualBoard.Profile(name);
        var (log, sink) = (new ListLogger(), new CountingSink());
        var decoder = profile.CreateDecoder("line", log);
        var random = new Random(7);
        var noise = new byte[777];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(noise);
            decoder.Decode(noise, sink);
        }

        // A Cyton's packet is 17 bits of 33 bytes: chance makes some. The counters that follow nothing then keep them out.
        Assert.InRange(sink.Frames, 0, name.StartsWith("openbci", StringComparison.Ordinal) ? 40 : 0);
        Assert.InRange(log.Lines.Count, 0, 1);
    }

    /// <summary>A value that follows from its place, in steps that no board rounds away.</summary>
    private static double Value(long instant, int input) => ((instant * 7919 + input * 104729) % 4001 - 2000) * 0.001;

    /// <summary>Notes which instants came, and which with wrong samples.</summary>
    private sealed class Tap(BlockAssembler next, DeviceProfile profile, Dictionary<long, int> delivered) : IFrameSink
    {
        private StreamFormat? _format;
        private long _last = -1, _lastCounter;

        public int Wrong { get; private set; }

        public void OnFormat(StreamFormat format)
        {
            _format ??= format;
            next.OnFormat(format);
        }

        public void OnSamples(in SampleFrame frame)
        {
            var turn = profile.CounterBits is > 0 and < 32 ? 1L << profile.CounterBits : 1L << 32;
            var index = _last < 0 ? frame.Counter : _last + (((frame.Counter - _lastCounter) % turn + turn) % turn);
            (_last, _lastCounter) = (index, frame.Counter);
            if (profile.CounterBits > 0)
            {
                delivered[index] = frame.Instants;
                if (_format is not null && IsWrong(frame, index)) Wrong++;
            }
            else
            {
                // The counter is the decoder's guess. What it carries tells which instant it is.
                var zero = _format!.ZeroCounts.IsEmpty ? 0 : _format.ZeroCounts[0];
                var value = (frame.Values[0] - zero) * _format.NanovoltsPerCount[0] / 1e6;
                var best = Enumerable.Range(-30, 61).Select(shift => index + shift).FirstOrDefault(i => i >= 0 && Math.Abs(value - Value(i, 0)) < 0.0004, -1);
                if (best < 0) Wrong++;
                else delivered[_last = best] = 1;
            }

            next.OnSamples(frame);
        }

        private bool IsWrong(in SampleFrame frame, long index)
        {
            for (var i = 0; i < frame.Instants; i++)
                for (var channel = 0; channel < _format!.Channels.Count; channel++)
                {
                    var input = _format.Inputs.IsEmpty ? channel : _format.Inputs[channel];
                    var value = frame.Values[i * frame.Channels + input] * _format.NanovoltsPerCount[channel] / 1e6;
                    if (Math.Abs(value - Value(index + i, input)) > 0.0004) return true;
                }

            return false;
        }
    }

    private sealed class CountingSink : IFrameSink
    {
        public long Frames { get; private set; }

        public void OnFormat(StreamFormat format)
        {
        }

        public void OnSamples(in SampleFrame frame) => Frames++;
    }
}
