using System.Diagnostics;
using System.Globalization;
using System.Text;
using EcgFm.Acquisition.Frames;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>The specification's example and the reference encoder in C against the encoder and decoder here.</summary>
public sealed class FrameReferenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgfm-frame").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_example_of_the_specification_is_right()
    {
        var specification = File.ReadAllLines(Path.Combine(TestData.Repository, "device", "frame", "README.md"));
        var encoder = new FrameEncoder(FrameSamples.Format(["I", "II"], name: "demo"));
        var buffer = new byte[FrameEncoder.MaxFrameLength];

        Check("<!-- info -->", buffer[..encoder.WriteInfo(buffer)]);
        var samples = new SampleFrame
        {
            Counter = 1000,
            DeviceMicroseconds = 2_000_000,
            LeadOff = 2,
            Channels = 2,
            Values = [1, -1, 256, -8_388_608],
        };
        Check("<!-- samples -->", buffer[..encoder.WriteSamples(samples, buffer)]);

        void Check(string mark, byte[] encoded)
        {
            var at = Array.IndexOf(specification, mark);
            Assert.Equal(Hex(specification[at + 2]), encoded);
            var plain = new byte[encoded.Length];
            Assert.True(Cobs.TryDecode(encoded.AsSpan(0, encoded.Length - 1), plain, out var length));
            Assert.Equal(Hex(specification[at + 1]), plain[..length]);
        }
    }

    [SkippableFact]
    public async Task The_reference_encoder_in_C_writes_the_same_bytes()
    {
        var program = await Compile();
        var random = new Random(20261123);
        var requests = new StringBuilder();
        var expected = new List<byte>();
        var buffer = new byte[FrameEncoder.MaxFrameLength];

        foreach (var leads in (string[][])[["II"], ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"], [.. Enumerable.Range(0, 32).Select(i => $"X{i}")], ["aVF", "III", "aVL"]])
            for (var round = 0; round < 60; round++)
            {
                var format = FrameSamples.Format(leads, random.Next(1, 2_000_000) / 1000.0, (ushort)random.Next(65536), (ushort)random.Next(65536),
                    random.NextInt64(1, uint.MaxValue) / 1000.0, string.Concat(Enumerable.Repeat("µV ", random.Next(0, 16))));
                var encoder = new FrameEncoder(format);
                Request($"i {format.DeviceId} {format.StreamId} {Math.Round(format.SampleRate * 1000)} {leads.Length}");
                foreach (var lead in leads)
                    Request($" {(Core.StandardLeads.TryParse(lead, out var known) ? (int)known + 1 : 0)} {Math.Round(format.NanovoltsPerCount[0] * 1000)}");
                var name = Encoding.UTF8.GetBytes(format.DeviceName);
                Request($" {name.Length} {string.Join(' ', name)}\n");
                expected.AddRange(buffer[..encoder.WriteInfo(buffer)]);

                var values = new int[leads.Length * random.Next(1, encoder.MaxInstants + 1)];
                for (var i = 0; i < values.Length; i++)
                    values[i] = random.Next(8) switch { 0 => 0, 1 => random.Next(int.MinValue, int.MaxValue), _ => random.Next(-0x800000, 0x800000) };
                var frame = new SampleFrame
                {
                    Counter = (uint)random.NextInt64(uint.MaxValue),
                    DeviceMicroseconds = (uint)random.NextInt64(uint.MaxValue),
                    LeadOff = (uint)random.NextInt64(uint.MaxValue),
                    Channels = leads.Length,
                    Values = values,
                };
                Request($"s {format.DeviceId} {format.StreamId} {frame.Counter} {frame.DeviceMicroseconds} {frame.LeadOff} {leads.Length} {frame.Instants} {string.Join(' ', values)}\n");
                expected.AddRange(buffer[..encoder.WriteSamples(frame, buffer)]);
            }

        var (output, errors) = await Run(program, [], requests.ToString());

        Assert.Equal("", errors);
        Assert.Equal(expected, output);
        var decoder = new FrameDecoder();
        var sink = new CheckingFormats();
        foreach (var piece in output.Chunk(97)) decoder.Decode(piece, sink);
        Assert.Equal(0, decoder.Counts.Bad);

        void Request(FormattableString text) => requests.Append(text.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<string> Compile()
    {
        Skip.If(!Path.Exists("/usr/bin/gcc"), "gcc is not installed: the reference encoder in C is not tested.");
        var program = Path.Combine(_folder, "reference_encoder");
        var frame = Path.Combine(TestData.Repository, "device", "frame");
        var main = Path.Combine(TestData.Repository, "tests", "EcgFm.Acquisition.Tests", "Frames", "reference_encoder.c");
        var (_, errors) = await Run("/usr/bin/gcc",
            ["-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-I", frame, Path.Combine(frame, "ecgfm_frame.c"), main, "-o", program], "");
        Assert.Equal("", errors);
        return program;
    }

    private static async Task<(byte[] Output, string Errors)> Run(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync();
        var copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await copy;
        await process.WaitForExitAsync();
        var said = await errors;
        return (output.ToArray(), process.ExitCode == 0 ? said : $"exit code {process.ExitCode}: {said}");
    }

    private static byte[] Hex(string line) => Convert.FromHexString(line.Replace(" ", "", StringComparison.Ordinal));

    private sealed class CheckingFormats : IFrameSink
    {
        public void OnFormat(StreamFormat format)
        {
        }

        public void OnSamples(in SampleFrame frame)
        {
        }
    }
}
