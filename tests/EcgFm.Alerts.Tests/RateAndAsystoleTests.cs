using EcgFm.Core;

namespace EcgFm.Alerts.Tests;

/// <summary>Alerts that rest on the beats alone.</summary>
public sealed class RateAndAsystoleTests : IDisposable
{
    /// <summary>The rates, all silenced by an alert that one window begins.</summary>
    private static readonly IReadOnlyList<AlertRule> GraverThanRates =
    [
        new LabelRule { Code = "graver", Label = "Atrial fibrillation", Title = "Graver", Priority = AlertPriority.High, StartCount = 1, StartWindows = 1 },
        .. AlertRules.Default.OfType<RateRule>().Select(rule => rule with { SilencedBy = [.. rule.SilencedBy.Where(code => code == "extreme-tachycardia"), "graver"] }),
        .. AlertRules.OfBed,
    ];

    private readonly BedOfTest _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void A_rate_beyond_a_limit_for_its_time_begins_an_alert_and_one_back_within_ends_it()
    {
        Assert.Empty(_bed.Rate(72, 60).Rate(125, 29).Rate(100, 60).Short());
        var onset = Assert.Single(_bed.Rate(125, 31).Take());
        Assert.Equal(("tachycardia", AlertPriority.Medium, AlertKind.Physiological, 125.0), (onset.Code, onset.Priority, onset.Kind, onset.Window!.HeartRate));
        Assert.Equal(TimeSpan.FromSeconds(30), onset.Time - onset.Onset);

        // Within the limit, but not by the margin: it goes on.
        Assert.Empty(_bed.Rate(118, 120).Short());
        Assert.Equal(["tachycardia Cleared"], _bed.Rate(110, 31).Short());
    }

    [Fact]
    public void A_rate_that_is_not_known_neither_begins_nor_ends()
    {
        Assert.Empty(_bed.Rate(45, 5).Rate(null, 300).Short());
        Assert.Equal(["bradycardia Onset"], _bed.Rate(45, 31).Short());
        Assert.Empty(_bed.Rate(null, 300).Short());
        Assert.Equal(["bradycardia Cleared"], _bed.Rate(70, 31).Short());
    }

    [Fact]
    public void Seconds_without_a_rate_count_neither_for_the_beginning_nor_for_the_end()
    {
        // Two readings are not five seconds, however long nothing was known between them.
        Assert.Empty(_bed.Rate(160, 1).Rate(null, 6).Rate(160, 4).Short());
        Assert.Equal(["extreme-tachycardia Onset"], _bed.Rate(160, 1).Short());
        Assert.Empty(_bed.Rate(100, 1).Rate(null, 9).Rate(100, 9).Short());
        Assert.Equal(["extreme-tachycardia Cleared"], _bed.Rate(100, 1).Short());
    }

    [Fact]
    public void What_was_counted_before_a_long_time_without_a_rate_is_forgotten()
    {
        _bed.Rate(45, 25).Rate(null, 60).Rate(45, 25);
        Assert.Empty(_bed.Take());
        Assert.Equal(_bed.Now.AddSeconds(-24), Assert.Single(_bed.Rate(45, 6).Take()).Onset);
    }

    [Fact]
    public void The_graver_alert_stands_for_the_lesser_one()
    {
        Assert.Equal(["tachycardia Onset"], _bed.Rate(130, 40).Short());
        var steps = _bed.Rate(150, 10).Take();
        Assert.Equal(["tachycardia Cleared", "extreme-tachycardia Onset"], steps.Select(step => $"{step.Code} {step.State}").OrderDescending());
        Assert.Equal("extreme-tachycardia stands for it.", steps.Single(step => step.State == AlertState.Cleared).Detail);
        Assert.Equal(["extreme-tachycardia Cleared", "tachycardia Onset"], _bed.Rate(130, 15).Short().Order());
    }

    [Fact]
    public void What_a_graver_alert_has_covered_does_not_begin_on_its_way_out()
    {
        Assert.Equal(["extreme-tachycardia Onset"], _bed.Rate(160, 50).Short());
        Assert.Equal(["extreme-tachycardia Cleared"], _bed.Rate(80, 120).Short());
    }

    [Fact]
    public void A_graver_alert_that_no_network_judges_any_more_silences_no_rate()
    {
        using var bed = new BedOfTest(rules: GraverThanRates, hop: EcgWindow.Duration);
        Assert.Equal(["graver Onset"], bed.Rate(80, 10).Interpreted(.9f).Short());
        // As long as the network sees it, it stands for the rates, and a window or two that are not usable change nothing.
        Assert.Empty(bed.Rate(180, 10).Interpreted(.9f).Rate(180, 10).Interpreted(float.NaN).Rate(180, 10).Interpreted(float.NaN).Rate(180, 10).Interpreted(.9f).Short());

        // The network fails; the graver alert stays with its last evidence, and the rates speak for themselves.
        for (var i = 0; i < 4; i++) Assert.DoesNotContain(bed.Rate(80, 10).Failed("out of memory").Short(), step => !step.StartsWith("analysis", StringComparison.Ordinal));
        Assert.Contains("extreme-tachycardia Onset", bed.Rate(180, 6).Short());
        // It is back, and sees it still.
        Assert.Equal(["extreme-tachycardia Cleared"], bed.Interpreted(.9f).Short());
    }

    [Fact]
    public void A_graver_alert_from_before_a_restart_silences_no_rate_until_the_network_sees_it()
    {
        using var bed = new BedOfTest(rules: GraverThanRates);
        Assert.Equal(["graver Onset"], bed.Rate(80, 10).Interpreted(.9f).Short());
        using var again = new BedOfTest(bed.State, bed.Now, GraverThanRates);
        Assert.Equal(["extreme-tachycardia Onset"], again.Rate(180, 60).Short());
        Assert.Equal(["extreme-tachycardia Cleared"], again.Interpreted(.9f).Short());
    }

    [Fact]
    public void A_lesser_alert_does_not_begin_because_nobody_sees_the_graver_one_any_more()
    {
        Assert.Equal(["extreme-tachycardia Onset"], _bed.Rate(160, 60).Short());
        Assert.Empty(_bed.Rate(null, 3600).Short());
        Assert.Equal(["extreme-tachycardia Ongoing"], _bed.Rate(160, 1).Short());
    }

    [Fact]
    public void A_heart_that_stands_still_is_known_in_the_second_in_which_it_is_seen_and_the_alert_stays_until_somebody_has_seen_it()
    {
        AssessedWindow Still(AssessedWindow window) => window with { HeartRate = null, SinceBeat = TimeSpan.FromSeconds(4) };
        var onset = Assert.Single(_bed.Rate(45, 40).Seconds(1, Still).Take(), step => step.Code == "asystole");
        Assert.Equal((AlertState.Onset, AlertPriority.High, _bed.Now), (onset.State, onset.Priority, onset.Time));

        var latched = Assert.Single(_bed.Rate(70, 25).Take(), step => step.Code == "asystole");
        Assert.Equal((AlertState.Latched, onset.Id, 2), (latched.State, latched.Id, latched.Sequence));
        Assert.NotNull(latched.Ended);
        Assert.DoesNotContain(_bed.Rate(70, 600).Take(), step => step.Code == "asystole");

        // It comes back before anybody has looked: the same alert.
        var back = Assert.Single(_bed.Seconds(1, Still).Take());
        Assert.Equal((AlertState.Ongoing, onset.Id, 3, null), (back.State, back.Id, back.Sequence, back.Ended));
        _bed.Rate(70, 25).Take();

        Assert.True(_bed.Acknowledge(onset.Id).Accepted);
        var steps = _bed.Take();
        Assert.Equal([AlertState.Acknowledged, AlertState.Cleared], steps.Select(step => step.State));
        Assert.Equal([5, 6], steps.Select(step => step.Sequence));
        Assert.All(steps, step => Assert.Equal("nurse", step.AcknowledgedBy));
        Assert.Null(_bed.State);
    }

    [Fact]
    public void Leads_that_cannot_tell_begin_no_asystole()
    {
        Assert.DoesNotContain(_bed.Seconds(600, window => BedOfTest.LeadsOff(window) with { SinceBeat = null }).Take(), step => step.Code == "asystole");
    }

    [Fact]
    public void A_sensor_without_ECG_counts_for_the_rates_and_says_when_it_is_off()
    {
        Assert.Empty(_bed.Counted(72, 60).Counted(125, 29).Short());
        var onset = Assert.Single(_bed.Counted(125, 3).Take());
        Assert.Equal(("tachycardia", "As a heart rate sensor counts.", null), (onset.Code, onset.Detail, onset.Window));
        Assert.Equal(["tachycardia Cleared"], _bed.Counted(80, 31).Short());

        var off = Assert.Single(_bed.Counted(null, 60, contact: false).Take());
        Assert.Equal(("leads-off", "The sensor does not touch the skin."), (off.Code, off.Detail));
        Assert.Equal(["leads-off Cleared"], _bed.Counted(80, 60).Short());
        // One that cannot tell says nothing.
        Assert.Empty(_bed.Counted(null, 60, contact: null).Short());
    }
}
