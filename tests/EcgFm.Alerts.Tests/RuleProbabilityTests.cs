using EcgFm.Core;
using EcgFm.Testing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Alerts.Tests;

public class RuleProbabilityTests
{
    private static readonly LabelRule Rule = AlertRules.Default.OfType<LabelRule>().Single(rule => rule.Label == RuleProbability.AtrialFibrillation);

    private static float Seen(double network, double? beats, SecondOpinion opinion = SecondOpinion.Beats)
    {
        var window = Interpretations.Window(0, (float)network);
        var rhythm = beats is { } p ? new BeatRhythm((float)p, 30, TimeSpan.FromSeconds(30)) : null;
        return RuleProbability.Of(Rule with { SecondOpinion = opinion }, window with { Input = window.Input with { Rhythm = rhythm } })!.Value.Probability;
    }

    [Fact]
    public void Beats_take_part_in_atrial_fibrillation_unless_told_otherwise() => Assert.Equal(SecondOpinion.Beats, Rule.SecondOpinion);

    [Theory]
    [InlineData(0.6, 0.1, 0.6)] // The network at the label's threshold, 0.6, and the beats for neither: the label's.
    [InlineData(0.8, 0.1, 0.74257)] // logit(0.6) + (logit(0.8) − logit(0.6)) · 2/3 = 1.05935
    [InlineData(0.6, 0.9, 0.86649)] // logit(0.6) + (logit(0.9) − logit(0.1)) / 3 = 1.87028
    [InlineData(0.8, 0.05, 0.69217)] // logit(0.6) + 0.98083 · 2/3 + (logit(0.05) − logit(0.1)) / 3 = 0.81028
    public void Both_speak_as_far_as_they_stand_from_where_they_say_nothing(double network, double beats, double expected) =>
        Assert.Equal(expected, Seen(network, beats), 4);

    [Fact]
    public void Without_an_opinion_the_network_speaks_alone()
    {
        Assert.Equal(0.8f, Seen(0.8, null));
        Assert.Equal(0.8f, Seen(0.8, 0.1, SecondOpinion.None));
    }

    [Theory]
    [InlineData(0.29, 0.8)] // Readable: both speak.
    [InlineData(0.3, 0.4)] // Poor by the network's own threshold: the network alone.
    public void Beats_found_in_what_the_network_cannot_read_do_not_count(double poor, double expected)
    {
        var window = Interpretations.Window(0, 0.4f);
        window = window with
        {
            Labels = [.. window.Labels, new(RuleProbability.PoorDataQuality, Threshold: 0.3)],
            Probabilities = [.. window.Probabilities, (float)poor],
            Input = window.Input with { Rhythm = new BeatRhythm(0.9f, 30, TimeSpan.FromSeconds(30)) },
        };
        Assert.Equal(expected, RuleProbability.Of(Rule, window)!.Value.Probability, 1);
    }

    [Fact]
    public void A_rule_of_another_label_is_not_asked_of_the_beats() =>
        Assert.Equal(("secondOpinion", "beats"), Assert.Single(AlertRuleValidator.Errors(Rule with { Label = "Sinus rhythm" })) is var error ? (error.Key, error.Value) : default);

    [Property]
    public Property The_rule_sees_a_probability_that_grows_with_both() =>
        Prop.ForAll(Gen.Choose(0, 1000).Four().ToArbitrary(), numbers =>
        {
            var (a, b, c, d) = (numbers.Item1 / 1000.0, numbers.Item2 / 1000.0, numbers.Item3 / 1000.0, numbers.Item4 / 1000.0);
            var (low, high) = (Seen(Math.Min(a, b), Math.Min(c, d)), Seen(Math.Max(a, b), Math.Max(c, d)));
            Assert.InRange(low, 0, high);
            Assert.InRange(high, low, 1);
        });
}
