using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Evaluation.Tests;

public class BinaryFiguresTests
{
    private static Score[] Scores(string text) =>
        [.. text.Split(' ').Select(item => new Score(double.Parse(item[1..], System.Globalization.CultureInfo.InvariantCulture), item[0] == '+'))];

    [Fact]
    public void A_small_table_by_hand()
    {
        // Pairs won: .9 beats all three, .6 beats two, .4 beats one and ties none: 6 of 9. Precision at the positives: 1/1, 2/3, 3/5.
        var figures = BinaryFigures.Of(Scores("+.9 -.8 +.6 -.5 +.4 -.3"), 0.6);
        Assert.Equal((3, 3), (figures.Positives, figures.Negatives));
        Assert.Equal(6 / 9.0, figures.Auroc, 12);
        Assert.Equal((1 + (2 / 3.0) + (3 / 5.0)) / 3, figures.Auprc, 12);
        Assert.Equal(2 / 3.0, figures.Sensitivity, 12);
        Assert.Equal(2 / 3.0, figures.Specificity, 12);
        Assert.Equal(2 / 3.0, figures.F1, 12);
    }

    [Fact]
    public void Ties_count_half() => Assert.Equal(0.5, BinaryFigures.Of(Scores("+.5 -.5 +.5 -.5"), 0.9).Auroc);

    /// <summary>What stands at one probability is found at once: the precision is that of all of it, whichever comes first.</summary>
    [Theory]
    [InlineData("+.9 +.5 -.5 -.2")]
    [InlineData("+.9 -.5 +.5 -.2")]
    public void Ties_are_one_step_of_the_precision(string scores) => Assert.Equal((1 + (2 / 3.0)) / 2, BinaryFigures.Of(Scores(scores), 0.9).Auprc, 12);

    [Fact]
    public void Nothing_found_is_an_f1_of_zero() => Assert.Equal(0, BinaryFigures.Of(Scores("+.5 -.4"), 0.9).F1);

    [Fact]
    public void One_class_alone_has_no_area()
    {
        Assert.True(double.IsNaN(BinaryFigures.Of(Scores("-.5 -.4"), 0.45).Auroc));
        Assert.Equal(0.5, BinaryFigures.Of(Scores("-.5 -.4"), 0.45).Specificity);
    }

    [Property]
    public Property The_area_is_the_share_of_pairs_in_the_right_order() =>
        Prop.ForAll(Gen.Choose(0, 20).Zip(Gen.Elements(true, false)).NonEmptyListOf().ToArbitrary(), items =>
        {
            Score[] scores = [.. items.Select(item => new Score(item.Item1 / 20.0, item.Item2))];
            var pairs = (from p in scores
                         where p.Positive
                         from n in scores
                         where !n.Positive
                         select p.Probability > n.Probability ? 1 : p.Probability.Equals(n.Probability) ? 0.5 : 0).ToList();
            var area = BinaryFigures.Of(scores, 0.5).Auroc;
            if (pairs.Count == 0) Assert.True(double.IsNaN(area));
            else Assert.Equal(pairs.Average(), area, 9);
        });
}
