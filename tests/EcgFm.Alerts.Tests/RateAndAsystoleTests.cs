using EcgFm.Core;

namespace EcgFm.Alerts.Tests;

/// <summary>Alerts that rest on the beats alone.</summary>
public sealed class RateAndAsystoleTests : IDisposable
{
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
