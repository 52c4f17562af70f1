using System.Buffers.Binary;
using EcgFm.Core;
using EcgFm.Telemetry.Wave;

namespace EcgFm.Telemetry.Tests;

public class WaveTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    private readonly WavePacker _packer = new();
    private readonly List<Wave> _waves = [];

    /// <summary>A second reading of <c>device/mqtt/wave.md</c>, beside the writer's.</summary>
    private sealed record Wave(ushort Leads, ushort LeadOff, double Rate, DateTimeOffset Time, long First, short[][] Samples)
    {
        public static Wave Read(byte[] bytes)
        {
            Assert.Equal("ECGW"u8.ToArray(), bytes[..4]);
            Assert.Equal(1, bytes[4]);
            ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            var (leads, length) = (U16(6), U16(10));
            var samples = new short[12][];
            var at = (int)bytes[5];
            for (var lead = 0; lead < 12; lead++)
            {
                samples[lead] = [];
                if ((leads >> lead & 1) == 0) continue;
                samples[lead] = [.. Enumerable.Range(0, length).Select(i => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + i * 2)))];
                at += length * 2;
            }

            Assert.Equal(bytes.Length, at);
            return new(leads, U16(8), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) / 1000.0, DateTimeOffset.UnixEpoch.AddMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16))), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)), samples);
        }
    }

    /// <summary>Lead n has n millivolts plus one microvolt per sample.</summary>
    private static EcgBlock Block(long first, int length, uint absent = 0, uint leadOff = 0, int? missing = null)
    {
        var samples = new float[12 * length];
        for (var lead = 0; lead < 12; lead++)
            for (var i = 0; i < length; i++)
                samples[lead * length + i] = i == missing ? float.NaN : lead + (first + i) / 1000f;
        return new() { Channels = StandardLeads.Layout, SampleRate = 500, FirstSample = first, Start = Start.AddSeconds(first / 500.0), Samples = samples, Absent = absent, LeadOff = leadOff };
    }

    private void Add(EcgBlock block) => _packer.Add(block, bytes => _waves.Add(Wave.Read(bytes)));

    [Fact]
    public void Blocks_of_any_length_become_blocks_of_200_ms_with_every_sample_in_its_place()
    {
        var first = 0;
        foreach (var length in new[] { 25, 25, 73, 300, 1, 76 })
        {
            Add(Block(first, length));
            first += length;
        }

        Assert.Equal(5, _waves.Count);
        Assert.All(_waves.Index(), wave =>
        {
            Assert.Equal((0xFFF, 0, 500.0, wave.Index * 100L), ((int)wave.Item.Leads, (int)wave.Item.LeadOff, wave.Item.Rate, wave.Item.First));
            Assert.Equal(Start.AddMilliseconds(200 * wave.Index), wave.Item.Time);
            for (var lead = 0; lead < 12; lead++) Assert.Equal(Enumerable.Range(0, 100).Select(i => (short)(lead * 1000 + wave.Index * 100 + i)), wave.Item.Samples[lead]);
        });
    }

    [Fact]
    public void A_missing_sample_an_electrode_that_is_off_and_an_absent_lead_are_told_apart()
    {
        Add(Block(0, 100, absent: 1u << 11, leadOff: 1u << 6, missing: 7));
        var wave = Assert.Single(_waves);
        Assert.Equal((0x7FF, 1 << 6), ((int)wave.Leads, (int)wave.LeadOff));
        Assert.Equal(short.MinValue, wave.Samples[0][7]);
        Assert.Empty(wave.Samples[11]);
    }

    [Fact]
    public void A_gap_ends_a_block_and_the_next_one_says_where_it_begins()
    {
        Add(Block(0, 60));
        Add(Block(500, 100));
        Assert.Equal([(0L, 60), (500L, 100)], _waves.Select(wave => (wave.First, wave.Samples[0].Length)));
    }
}
