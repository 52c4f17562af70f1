using System.Collections.Immutable;
using EcgFm.Core;
using EcgFm.Edge.Commands.Evaluate;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

public class JudgedRecordTests
{
    private static readonly Label Fibrillation = Interpretations.Labels[1];

    /// <summary>A record of windows with these probabilities of fibrillation; NaN stands for one that is not usable.</summary>
    private static JudgedRecord Record(params IEnumerable<float> windows) => new(new ReferenceRow("a", ImmutableDictionary<string, bool>.Empty), [.. Interpretations.Windows(windows)]);

    [Fact]
    public void The_usable_windows_speak() => Assert.Equal(0.8, Record(0.9f, float.NaN, 0.7f).ByNetwork(Fibrillation), 5);

    [Fact]
    public void What_is_half_noise_is_not_judged()
    {
        Assert.False(Record(0.9f, float.NaN).Usable);
        Assert.Equal(0, Record(0.9f, float.NaN).ByNetwork(Fibrillation));
    }

    [Fact]
    public void A_label_that_takes_the_greatest_takes_it_of_the_windows_too() =>
        Assert.Equal(0.9, Record(0.9f, 0.7f).ByNetwork(Fibrillation with { Aggregation = LabelAggregation.Max }), 5);
}
