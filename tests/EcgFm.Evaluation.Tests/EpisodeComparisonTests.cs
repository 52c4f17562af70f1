using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Evaluation.Tests;

/// <summary>Small cases worked out by hand after the rules of <c>epicmp</c>.</summary>
public class EpisodeComparisonTests
{
    private static EpisodeFigures Compare(Episode[] reference, Episode[] test, Episode[]? excluded = null, double from = 0, double to = 1000) =>
        EpisodeComparison.Compare(reference, test, excluded ?? [], from, to);

    [Fact]
    public void An_episode_found_late_and_held_too_long()
    {
        var figures = Compare([new(100, 200)], [new(130, 240)]);
        Assert.Equal(new EpisodeFigures(1, 1, 1, 1, 100, 70, 110, 70), figures);
        Assert.Equal(0.7, figures.DurationSensitivity);
        Assert.Equal(70 / 110.0, figures.DurationPredictivity);
    }

    [Fact]
    public void One_long_alert_over_two_episodes_finds_both_and_is_right_once() =>
        Assert.Equal(new EpisodeFigures(2, 2, 1, 1, 200, 200, 400, 200), Compare([new(100, 200), new(300, 400)], [new(50, 450)]));

    [Fact]
    public void Two_alerts_in_one_episode_are_both_right_and_find_it_once() =>
        Assert.Equal(new EpisodeFigures(1, 1, 2, 2, 300, 100, 100, 100), Compare([new(100, 400)], [new(100, 150), new(350, 400)]));

    [Fact]
    public void Episodes_that_only_touch_do_not_overlap() =>
        Assert.Equal(new EpisodeFigures(1, 0, 1, 0, 100, 0, 50, 0), Compare([new(100, 200)], [new(200, 250)]));

    [Fact]
    public void Nothing_before_the_end_of_the_learning_period_counts()
    {
        // An episode that ends before is not one; one that goes on over it begins with its end.
        var figures = Compare([new(10, 200), new(250, 400)], [new(10, 200), new(290, 350)], from: 300);
        Assert.Equal(new EpisodeFigures(1, 1, 1, 1, 100, 50, 50, 50), figures);
    }

    [Fact]
    public void What_lies_behind_the_end_of_the_record_does_not_count() =>
        Assert.Equal(new EpisodeFigures(1, 1, 1, 1, 100, 100, 100, 100), Compare([new(900, 1200)], [new(900, 1200)]));

    [Fact]
    public void Flutter_takes_nothing_from_sensitivity_and_excuses_alerts()
    {
        // Wholly in flutter: ignored. Half in flutter: the other half is false. All around flutter: its time is taken out.
        var figures = Compare([new(700, 800)], [new(110, 190), new(280, 320), new(650, 850)], [new(100, 200), new(300, 400), new(820, 830)]);
        Assert.Equal(new EpisodeFigures(1, 1, 2, 1, 100, 100, 20 + 190, 100), figures);
    }

    [Fact]
    public void Without_episodes_there_are_no_shares()
    {
        var figures = Compare([], []);
        Assert.True(double.IsNaN(figures.DurationSensitivity) && double.IsNaN(figures.DurationPredictivity));
        Assert.True(double.IsNaN(figures.EpisodeSensitivity) && double.IsNaN(figures.EpisodePredictivity));
    }

    [Fact]
    public void Gross_statistics_are_sums_over_records()
    {
        var sum = Compare([new(0, 100)], [new(0, 50)]) + Compare([], [new(0, 50)]);
        Assert.Equal((0.5, 0.5, 1, 0.5), (sum.DurationSensitivity, sum.DurationPredictivity, sum.EpisodeSensitivity, sum.EpisodePredictivity));
    }

    [Property]
    public Property Sides_exchanged_exchange_the_figures() =>
        Prop.ForAll(Episodes.ToArbitrary(), Episodes.ToArbitrary(), (a, b) =>
        {
            var (forth, back) = (Compare(a, b, from: 100, to: 900), Compare(b, a, from: 100, to: 900));
            Assert.Equal((forth.ReferenceEpisodes, forth.ReferenceFound, forth.ReferenceSeconds), (back.TestEpisodes, back.TestRight, back.TestSeconds));
            Assert.Equal(forth.ReferenceOverlap, forth.TestOverlap, 6);
            Assert.InRange(forth.ReferenceOverlap, 0, Math.Min(forth.ReferenceSeconds, forth.TestSeconds) + 1e-6);
        });

    private static Gen<Episode[]> Episodes => Gen.Choose(0, 1000).ArrayOf().Select(points =>
    {
        int[] sorted = [.. points.Distinct().Order()];
        return Enumerable.Range(0, sorted.Length / 2).Select(i => new Episode(sorted[2 * i], sorted[(2 * i) + 1])).ToArray();
    });
}
