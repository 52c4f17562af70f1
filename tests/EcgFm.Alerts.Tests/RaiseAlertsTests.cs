using System.Reactive.Linq;
using EcgFm.Core;
using EcgFm.Testing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Alerts.Tests;

public class RaiseAlertsTests
{
    private const float Unusable = float.NaN;

    private static readonly LabelRule Fibrillation = AlertRules.Default.OfType<LabelRule>().Single(rule => rule.Code == "atrial-fibrillation");

    private static IList<Alert> Alerts(params IEnumerable<float> probabilities) =>
        Interpretations.Windows(probabilities).ToObservable().RaiseAlerts(AlertRules.Default, "bed-1").ToList().Wait();

    private static DateTimeOffset Second(int s) => Interpretations.Start.AddSeconds(s);

    [Fact]
    public void Three_windows_of_three_start_an_alert_and_three_end_it()
    {
        var alerts = Alerts(.1f, .9f, .9f, .7f, .9f, .1f, .1f, .1f, .1f);

        Assert.Equal([AlertState.Onset, AlertState.Cleared], alerts.Select(a => a.State));
        Assert.Equal([1, 2], alerts.Select(a => a.Sequence));
        Assert.Single(alerts.Select(a => a.Id).Distinct());
        Assert.Equal(7, alerts[0].Id.Version);
        Assert.Equal(Second(10), alerts[0].Onset);
        Assert.Equal(Second(40), alerts[0].Time);
        Assert.Equal(Second(10), alerts[1].Onset);
        Assert.Equal(Second(80), alerts[1].Time);
        Assert.Equal(Second(50), alerts[1].Ended);
        Assert.All(alerts, a => Assert.Equal(("bed-1", "atrial-fibrillation", AlertKind.Physiological, AlertPriority.Medium), (a.Bed, a.Code, a.Kind, a.Priority)));
    }

    [Fact]
    public void Two_windows_do_not_start_an_alert() => Assert.Empty(Alerts(.9f, .9f, .1f, .9f, .9f, .1f));

    [Fact]
    public void Values_between_the_thresholds_hold_an_alert_and_start_none()
    {
        Assert.Empty(Alerts(.5f, .5f, .5f, .5f));
        Assert.Single(Alerts(.9f, .9f, .9f, .5f, .5f, .5f, .5f, .1f, .1f));
    }

    [Fact]
    public void Unusable_windows_neither_start_nor_end()
    {
        Assert.Empty(Alerts(.9f, .9f, Unusable, Unusable, Unusable));
        Assert.Single(Alerts(.9f, .9f, .9f, Unusable, Unusable, Unusable, Unusable));
        var over = Alerts(.9f, Unusable, .9f, .9f);
        Assert.Equal(Second(0), Assert.Single(over).Onset);
    }

    [Fact]
    public void Windows_that_overlap_count_once()
    {
        var first = Interpretations.Window(0, .9f);
        var hopping = Enumerable.Range(0, 31).Select(second => first with
        {
            Input = first.Input with { Window = first.Input.Window with { Start = Second(second), Index = second, FirstSample = 500 * second } },
        });
        var alert = Assert.Single(hopping.ToObservable().RaiseAlerts(AlertRules.Default, "b").ToEnumerable());
        Assert.Equal(Second(30), alert.Time);
    }

    [Fact]
    public void Windows_minutes_apart_do_not_follow_each_other()
    {
        Assert.Empty(Alerts([.9f, .9f, .. Enumerable.Repeat(Unusable, 13), .9f]));
        Assert.Single(Alerts([.9f, .9f, .. Enumerable.Repeat(Unusable, 11), .9f]));
    }

    [Theory]
    [InlineData(131)]
    [InlineData(3600)]
    public void Windows_follow_each_other_however_seldom_they_are_asked_for(int hop)
    {
        IList<Alert> Raised(params IEnumerable<float> probabilities) => Interpretations.Windows(probabilities)
            .Select((result, i) => result with { Input = result.Input with { Window = result.Input.Window with { Start = Second(i * hop), FirstSample = 500L * i * hop } } })
            .Select(result => new AlertInput.Interpreted(result)).ToObservable()
            .RaiseAlerts(new AlertOptions { Bed = "b", Rules = [Fibrillation], Hop = TimeSpan.FromSeconds(hop) }).SelectMany(update => update.Steps).ToList().Wait();

        Assert.Equal([AlertState.Onset, AlertState.Ongoing, AlertState.Cleared], Raised(.9f, Unusable, .9f, .9f, .9f, .9f, .9f, .9f, .9f, .1f, .1f, .1f).DistinctBy(alert => alert.State).Select(alert => alert.State));
        Assert.Empty(Raised(.9f, .9f, Unusable, Unusable, .9f));
    }

    [Fact]
    public void A_second_episode_is_another_alert()
    {
        var alerts = Alerts(.9f, .9f, .9f, .1f, .1f, .1f, .9f, .9f, .9f);
        Assert.Equal([AlertState.Onset, AlertState.Cleared, AlertState.Onset], alerts.Select(a => a.State));
        Assert.Equal(2, alerts.Select(a => a.Id).Distinct().Count());
        Assert.Equal(Second(60), alerts[2].Onset);
    }

    [Fact]
    public void Two_of_three_starts_with_a_gap_and_names_the_first_window_that_counted()
    {
        var rule = Fibrillation with { StartCount = 2 };
        var alert = Interpretations.Windows(.1f, .9f, .1f, .9f).ToObservable().RaiseAlerts([rule], "b").Wait();
        Assert.Equal(Second(10), alert.Onset);
        Assert.Equal(Second(40), alert.Time);
    }

    [Fact]
    public void An_alert_that_must_have_lasted_longer_than_its_windows_waits()
    {
        var rule = Fibrillation with { StartCount = 1, StartWindows = 1, MinimumDuration = TimeSpan.FromSeconds(40) };
        IList<Alert> Raised(params IEnumerable<float> probabilities) => Interpretations.Windows(probabilities).ToObservable().RaiseAlerts([rule], "b").ToList().Wait();
        Assert.Empty(Raised(.9f, .9f, .9f, .1f, .9f, .9f, .9f));
        var alert = Assert.Single(Raised(.1f, .9f, .9f, .9f, .9f));
        Assert.Equal((Second(10), Second(50)), (alert.Onset, alert.Time));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void An_alert_that_must_have_lasted_for_a_while_does_not_count_by_a_clock_that_was_set(int minutes)
    {
        var rule = Fibrillation with { StartCount = 1, StartWindows = 1, MinimumDuration = TimeSpan.FromSeconds(70) };
        using var bed = new BedOfTest(rules: [rule]);
        bed.Windows(.9f, .9f);
        bed.Now += TimeSpan.FromMinutes(minutes);
        Assert.Empty(bed.Windows(.9f, .9f, .9f, .9f).Take());
        Assert.Single(bed.Windows(.9f).Take());
    }

    [Fact]
    public void An_alert_that_goes_on_says_so_now_and_then()
    {
        var alerts = Alerts(Enumerable.Repeat(.9f, 3 + (21 * 6)));
        Assert.Equal([AlertState.Onset, AlertState.Ongoing, AlertState.Ongoing], alerts.Select(a => a.State));
        Assert.Equal([Second(30), Second(630), Second(1230)], alerts.Select(a => a.Time));
        Assert.Equal([1, 2, 3], alerts.Select(a => a.Sequence));
        Assert.All(alerts, a => Assert.Equal(.9f, a.Probability));
    }

    [Fact]
    public void A_network_without_the_label_raises_nothing()
    {
        var rule = Fibrillation with { Label = "Tachycardia", SecondOpinion = SecondOpinion.None };
        Assert.Empty(Interpretations.Windows(.9f, .9f, .9f).ToObservable().RaiseAlerts([rule], "b").ToEnumerable());
    }

    [Fact]
    public void A_wrong_rule_is_refused_with_its_name_and_key()
    {
        var rule = Fibrillation with { StartThreshold = 1.5, StartCount = 4, EndWindows = 0 };
        var error = Assert.Throws<ArgumentException>(() => Observable.Empty<Interpretation>().RaiseAlerts([rule], "b"));
        Assert.Contains("atrial-fibrillation", error.Message, StringComparison.Ordinal);
        Assert.Contains("startThreshold is 1.5; allowed is 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("startCount is 4; allowed is 1 to 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("endWindows is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_silence_each_other_would_both_be_silent_and_are_refused()
    {
        AlertRule Rule(string code, params string[] silencers) => Fibrillation with { Code = code, SilencedBy = [.. silencers] };
        Assert.Empty(AlertRuleValidator.Errors([Rule("a", "b", "c"), Rule("b", "c"), Rule("c")]));
        Assert.Equal(
            ["a by b", "b by c", "c by a"],
            AlertRuleValidator.Errors([Rule("a", "b"), Rule("b", "c"), Rule("c", "a"), Rule("d", "a")]).Select(error => $"{error.Code} by {error.Value.Trim('"')}"));
    }

    [Theory]
    [InlineData("atrial-fibrillation", "leads-off", "the code of another rule about the patient")]
    [InlineData("leads-off", "asystole", "the code of another rule about the equipment of a bed")]
    [InlineData("analysis-failing", "network-unusable", "the code of another rule about the equipment of a bed")]
    [InlineData("broker-lost", "device-lost", "the code of another rule about the box")]
    public void What_silences_a_rule_is_of_its_kind(string code, string silencer, string allowed)
    {
        var error = Assert.Single(AlertRuleValidator.Errors([.. AlertRules.Default.Select(rule => rule.Code == code ? rule with { SilencedBy = [silencer] } : rule)]));
        Assert.Equal((code, "silencedBy", $"\"{silencer}\"", allowed), (error.Code, error.Key, error.Value, error.Allowed));
    }

    [Property]
    public Property Onsets_and_clears_alternate_whatever_the_network_says() =>
        Prop.ForAll(Gen.Elements(0f, .3f, .45f, .7f, .95f, Unusable).ListOf().ToArbitrary(), probabilities =>
        {
            var alerts = Alerts(probabilities).Where(alert => alert.State != AlertState.Ongoing).ToList();
            for (var i = 0; i < alerts.Count; i++)
            {
                Assert.Equal(i % 2 == 0 ? AlertState.Onset : AlertState.Cleared, alerts[i].State);
                Assert.Equal(alerts[i - i % 2].Id, alerts[i].Id);
                Assert.True(alerts[i].Time - alerts[i].Onset >= TimeSpan.FromSeconds(30));
            }
        });
}
