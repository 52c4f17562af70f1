using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal.Tests;

/// <summary>Makes and cuts blocks.</summary>
internal static class Blocks
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset TimeOf(long sample, double rate) => Epoch + TimeSpan.FromTicks((long)Math.Round(sample / rate * TimeSpan.TicksPerSecond));

    public static EcgBlock Of(ChannelLayout layout, double rate, float[] samples, long first = 0) => new()
    {
        Channels = layout,
        SampleRate = rate,
        FirstSample = first,
        Start = TimeOf(first, rate),
        Samples = samples,
    };

    /// <summary>Samples [from, from + length) of a block.</summary>
    public static EcgBlock Part(this EcgBlock block, int from, int length)
    {
        var samples = new float[block.Channels.Count * length];
        for (var channel = 0; channel < block.Channels.Count; channel++)
            block.Channel(channel).Slice(from, length).CopyTo(samples.AsSpan(channel * length));
        return block with
        {
            Samples = samples,
            FirstSample = block.FirstSample + from,
            Start = TimeOf(block.FirstSample + from, block.SampleRate),
        };
    }

    /// <summary>Cuts a block into pieces of the given lengths, used in turn; what is left of a piece at the end is shorter.</summary>
    public static IEnumerable<EcgBlock> Cut(this EcgBlock block, params int[] lengths)
    {
        for (int at = 0, piece = 0; at < block.Length; piece++)
        {
            var length = Math.Min(Math.Max(1, lengths[piece % lengths.Length]), block.Length - at);
            yield return block.Part(at, length);
            at += length;
        }
    }

    /// <summary>Consecutive blocks as one; lost samples in between become NaN.</summary>
    public static EcgBlock Join(IReadOnlyList<EcgBlock> blocks)
    {
        var first = blocks[0];
        var length = (int)(blocks[^1].FirstSample + blocks[^1].Length - first.FirstSample);
        var samples = new float[first.Channels.Count * length];
        Array.Fill(samples, float.NaN);
        foreach (var block in blocks)
            for (var channel = 0; channel < first.Channels.Count; channel++)
                block.Channel(channel).CopyTo(samples.AsSpan((channel * length) + (int)(block.FirstSample - first.FirstSample)));
        return first with { Samples = samples };
    }

    /// <summary>A block whose samples tell channel and index: 1000 · channel + index in a saw tooth.</summary>
    public static EcgBlock Numbered(ChannelLayout layout, double rate, int length, long first = 0)
    {
        var samples = new float[layout.Count * length];
        for (var channel = 0; channel < layout.Count; channel++)
            for (var i = 0; i < length; i++)
                samples[(channel * length) + i] = (1000 * channel) + ((first + i) % 997);
        return Of(layout, rate, samples, first);
    }

    public static IReadOnlyList<T> Collect<T>(this IObservable<T> source) => [.. source.ToEnumerable()];
}
