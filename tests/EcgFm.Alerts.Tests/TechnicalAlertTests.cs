using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Alerts.Tests;

/// <summary>Alerts about the equipment, apart from those about the patient.</summary>
public sealed class TechnicalAlertTests : IDisposable
{
    private readonly BedOfTest _bed = new();
    private readonly BedOfTest _box = new(bed: null);

    public void Dispose()
    {
        _bed.Dispose();
        _box.Dispose();
    }

    private static AssessedWindow Off(AssessedWindow window, params Lead[] leads) => window with
    {
        Window = window.Window with { LeadOff = LeadSet.Of(leads) },
        Quality = new([.. Enumerable.Range(0, 12).Select(lead => leads.Contains((Lead)lead) ? QualityIssue.LeadOff : QualityIssue.None)], Usable: true),
    };

    private static AssessedWindow Noisy(AssessedWindow window) =>
        window with { Quality = new([.. Enumerable.Repeat(QualityIssue.Noise, 12)], Usable: false), HeartRate = null, SinceBeat = null };

    [Fact]
    public void Leads_that_are_off_are_named_and_another_one_is_told()
    {
        Assert.Empty(_bed.Seconds(4, window => Off(window, Lead.V2)).Seconds(20).Short());
        var onset = Assert.Single(_bed.Seconds(6, window => Off(window, Lead.V2)).Take());
        Assert.Equal(("leads-off", AlertKind.Technical, AlertPriority.Medium), (onset.Code, onset.Kind, onset.Priority));
        Assert.Equal("Off: V2. Analysed: I II III aVR aVL aVF V1 V3 V4 V5 V6.", onset.Detail);
        var more = Assert.Single(_bed.Seconds(40, window => Off(window, Lead.V2, Lead.V3)).Take());
        Assert.Equal((AlertState.Ongoing, onset.Id), (more.State, more.Id));
        Assert.StartsWith("Off: V2 V3.", more.Detail, StringComparison.Ordinal);
        Assert.Equal(["leads-off Cleared"], _bed.Seconds(6).Short());
    }

    [Fact]
    public void Noise_is_no_lead_that_is_off_and_no_heart_that_stands_still()
    {
        Assert.Empty(_bed.Seconds(29, Noisy).Seconds(20).Short());
        Assert.Equal("noise.", Assert.Single(_bed.Seconds(31, Noisy).Take(), step => step.Code == "noise").Detail);
        Assert.Equal(["noise Cleared"], _bed.Seconds(11).Short());
        Assert.Equal(["leads-off Onset"], _bed.Seconds(60, BedOfTest.LeadsOff).Short());
        Assert.DoesNotContain(_bed.Seconds(60, window => Noisy(window) with { SinceBeat = TimeSpan.FromSeconds(10) }).Take(), step => step.Code == "noise");
    }

    [Fact]
    public void Missing_samples_count_from_a_share_on()
    {
        AssessedWindow Missing(AssessedWindow window, int samples) => window with { Window = window.Window with { Missing = [.. Enumerable.Repeat(samples, 12)] } };
        Assert.Empty(_bed.Seconds(60, window => Missing(window, 200)).Short());
        Assert.Equal("10 % of the last ten seconds are missing.", Assert.Single(_bed.Seconds(11, window => Missing(window, 500)).Take()).Detail);
        Assert.Equal(["data-lost Cleared"], _bed.Seconds(31).Short());
    }

    [Fact]
    public void A_network_that_gives_nothing_is_late_and_one_that_works_again_is_not()
    {
        using var bed = new BedOfTest(hop: EcgWindow.Duration);
        Assert.Empty(bed.Windows(.1f, .1f).Short());
        var onset = Assert.Single(bed.Seconds(31).Take());
        Assert.Equal(("analysis-delayed", "The network lags behind."), (onset.Code, onset.Detail));
        Assert.Equal(["analysis-delayed Cleared"], bed.Windows(Enumerable.Repeat(.1f, 8)).Short());
    }

    [Fact]
    public void A_window_that_was_skipped_is_told_for_half_a_minute_although_the_clock_is_set_back()
    {
        using var bed = new BedOfTest(hop: TimeSpan.FromSeconds(30));
        Assert.Equal(["analysis-delayed Onset"], bed.Seconds(30).Interpreted(.1f).Seconds(30).Interpreted(.1f, skipped: 1).Seconds(20).Short());
        bed.Now -= TimeSpan.FromHours(1);
        Assert.Equal(["analysis-delayed Cleared"], bed.Seconds(10).Interpreted(.1f, skipped: 1).Seconds(30).Interpreted(.1f, skipped: 1).Seconds(31).Short());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_was_set_makes_no_network_late_and_hides_none_that_is(int hours)
    {
        using var bed = new BedOfTest(hop: TimeSpan.FromSeconds(60));
        bed.Seconds(60).Interpreted(.1f).Seconds(30);
        bed.Now += TimeSpan.FromHours(hours);
        Assert.Empty(bed.Seconds(50).Short());
        Assert.Equal(["analysis-delayed Onset"], bed.Seconds(1).Short());
    }

    [Fact]
    public void A_flow_that_began_again_is_not_measured_by_the_one_before()
    {
        using var bed = new BedOfTest(hop: EcgWindow.Duration);
        bed.Windows(Enumerable.Repeat(.1f, 6)).BeginAgain();
        Assert.Empty(bed.Seconds(31).Short());
        Assert.Equal("The network lags behind.", Assert.Single(bed.Seconds(1).Take()).Detail);
    }

    [Fact]
    public void A_window_that_cannot_be_interpreted_is_a_fault_until_one_can()
    {
        Assert.Empty(_bed.Failed("out of memory").Seconds(4).Windows(.1f).Short());
        Assert.Equal("out of memory", Assert.Single(_bed.Failed("out of memory").Seconds(16).Take()).Detail);
        Assert.Equal(["analysis-failing Cleared"], _bed.Windows(.1f, .1f, .1f).Short());
    }

    [Fact]
    public void Without_a_network_a_bed_is_neither_late_nor_failing_for_the_box_says_it()
    {
        using var bed = new BedOfTest(hop: EcgWindow.Duration);
        for (var i = 0; i < 20; i++) bed.Seconds(10).Failed(null);
        Assert.Empty(bed.Take());
    }

    [Fact]
    public void A_device_that_is_away_for_moments_is_none_that_is_lost()
    {
        Assert.Empty(_bed.Sign(TechnicalCondition.DeviceLost, true, "pulled").Seconds(4, samples: false).Sign(TechnicalCondition.DeviceLost, false).Seconds(10).Short());
        Assert.Equal("pulled", Assert.Single(_bed.Sign(TechnicalCondition.DeviceLost, true, "pulled").Seconds(6, samples: false).Take()).Detail);
        Assert.Equal(["device-lost Cleared"], _bed.Sign(TechnicalCondition.DeviceLost, false).Seconds(6).Short());
    }

    [Fact]
    public void No_technical_alert_ends_a_physiological_one()
    {
        var onset = Assert.Single(_bed.Windows(.9f, .9f, .9f).Take());
        Assert.Equal("atrial-fibrillation", onset.Code);
        // An hour without leads, a lost device, noise: nothing shows that it is over.
        Assert.Equal(["leads-off Onset"], _bed.Seconds(3600, BedOfTest.LeadsOff).Short().Where(step => !step.EndsWith("Ongoing", StringComparison.Ordinal)));
        _bed.Sign(TechnicalCondition.DeviceLost, true).Seconds(600, samples: false).Sign(TechnicalCondition.DeviceLost, false).Seconds(60, Noisy);
        Assert.DoesNotContain(_bed.Take(), step => step.Code == onset.Code);
        // The first window in more than an hour that tells: it goes on, and two later it is over.
        var steps = _bed.Windows(.1f, .1f, .1f).Take().Where(step => step.Code == onset.Code).ToList();
        Assert.Equal([(AlertState.Ongoing, 2), (AlertState.Cleared, 3)], steps.Select(step => (step.State, step.Sequence)));
        Assert.All(steps, step => Assert.Equal(onset.Id, step.Id));
    }

    [Theory]
    [InlineData(TechnicalCondition.NetworkUnusable, "network-unusable", 30)]
    [InlineData(TechnicalCondition.BrokerLost, "broker-lost", 30)]
    [InlineData(TechnicalCondition.OutboxFilling, "outbox-filling", 10)]
    [InlineData(TechnicalCondition.StorageFailing, "storage-failing", 5)]
    public void What_concerns_the_box_is_an_alert_of_the_box_after_its_delay(TechnicalCondition condition, string code, int delay)
    {
        _box.Sign(condition, true, "why");
        if (delay > 0) Assert.Empty(_box.Seconds(delay - 1, samples: false).Take());
        var onset = Assert.Single(_box.Seconds(1, samples: false).Take());
        Assert.Equal((code, null, AlertState.Onset, "why"), (onset.Code, onset.Bed, onset.State, onset.Detail));
        Assert.DoesNotContain(_bed.Sign(condition, true).Seconds(600).Take(), step => step.Code == code);
        Assert.Equal([$"{code} Cleared"], _box.Sign(condition, false).Seconds(61, samples: false).Short());
    }

    [Fact]
    public void Alerts_that_were_thrown_away_are_told_until_somebody_has_seen_it()
    {
        _box.Sign(TechnicalCondition.AlertsDiscarded, true, "3 messages.").Sign(TechnicalCondition.AlertsDiscarded, false).Seconds(120, samples: false);
        var steps = _box.Take();
        Assert.Equal([AlertState.Onset, AlertState.Latched], steps.Select(step => step.State));
        Assert.True(_box.Ask(new AlertCommand.Acknowledge(null, "nurse", steps[0].Id)).Accepted);
        Assert.Equal([AlertState.Acknowledged, AlertState.Cleared], _box.Take().Select(step => step.State));
    }

    [Fact]
    public void A_clock_that_was_set_is_told_and_no_other_delay_runs_by_it()
    {
        _box.Sign(TechnicalCondition.BrokerLost, true).Seconds(5, samples: false);
        _box.Now += TimeSpan.FromHours(1);
        Assert.Equal(["clock-stepped Onset"], _box.Sign(TechnicalCondition.ClockStepped, true).Sign(TechnicalCondition.ClockStepped, false).Seconds(20, samples: false).Short());
        Assert.Equal(["broker-lost Onset"], _box.Seconds(15, samples: false).Short());
    }

    [Fact]
    public void Each_condition_has_a_default_rule() =>
        Assert.Equal(Enum.GetValues<TechnicalCondition>().ToImmutableHashSet(), AlertRules.Default.OfType<TechnicalRule>().Select(rule => rule.Condition).ToImmutableHashSet());
}
