using System.Text;
using EcgFm.Core;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Alerts.Tests;

/// <summary>The life of an alert: acknowledged, paused, over a restart.</summary>
public sealed class AlertLifeTests : IDisposable
{
    private readonly BedOfTest _bed = new();

    public void Dispose() => _bed.Dispose();

    private Alert Onset() => Assert.Single(_bed.Windows(.9f, .9f, .9f).Take());

    [Fact]
    public void Whoever_acknowledges_is_named_and_the_alert_goes_on()
    {
        var onset = Onset();
        Assert.True(_bed.Acknowledge(onset.Id).Accepted);
        var seen = Assert.Single(_bed.Take());
        Assert.Equal((AlertState.Acknowledged, "nurse", 2, onset.Id), (seen.State, seen.AcknowledgedBy, seen.Sequence, seen.Id));

        // Asked twice, for the answer was lost: done, and nothing more to tell.
        Assert.True(_bed.Acknowledge(onset.Id).Accepted);
        Assert.Empty(_bed.Take());
        var cleared = Assert.Single(_bed.Windows(.1f, .1f, .1f).Take());
        Assert.Equal((AlertState.Cleared, "nurse", 3), (cleared.State, cleared.AcknowledgedBy, cleared.Sequence));

        var answer = _bed.Acknowledge(onset.Id);
        Assert.False(answer.Accepted);
        Assert.Contains(onset.Id.ToString(), answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_silences_what_is_there_and_what_begins_withholds_nothing_and_ends_by_itself()
    {
        var fibrillation = Onset();
        Assert.True(_bed.Pause(120).Accepted);
        var until = _bed.Now + TimeSpan.FromSeconds(120);
        var paused = Assert.Single(_bed.Take());
        Assert.Equal((AlertState.Paused, until, 2), (paused.State, paused.PausedUntil, paused.Sequence));
        Assert.Equal(until, _bed.Updates[^1].PausedUntil);

        var tachycardia = Assert.Single(_bed.Rate(130, 40).Take());
        Assert.Equal((AlertState.Onset, until), (tachycardia.State, tachycardia.PausedUntil));
        Assert.Empty(_bed.Rate(130, 79).Take());
        var ended = _bed.Rate(130, 1).Take();
        Assert.Equal([fibrillation.Id, tachycardia.Id], ended.Select(step => step.Id).Order());
        Assert.All(ended, step => Assert.Equal((AlertState.Ongoing, null), (step.State, step.PausedUntil)));
        Assert.Null(_bed.Updates[^1].PausedUntil);
    }

    [Fact]
    public void A_pause_can_end_before_its_time_and_is_bounded()
    {
        Assert.False(_bed.Ask(new AlertCommand.Resume("bed-1", "nurse")).Accepted);
        Assert.Contains("up to 600 s", _bed.Pause(601).Reason, StringComparison.Ordinal);
        Assert.False(_bed.Pause(0).Accepted);
        Assert.Empty(_bed.Updates);

        Assert.True(_bed.Pause(600).Accepted);
        Assert.Empty(Assert.Single(_bed.Updates).Steps);
        Assert.True(_bed.Ask(new AlertCommand.Resume("bed-1", "nurse")).Accepted);
        Assert.Null(_bed.Updates[^1].PausedUntil);
        Assert.Null(Onset().PausedUntil);
    }

    [Fact]
    public void A_pause_ends_although_the_clock_is_set_back()
    {
        _bed.Seconds(1);
        _bed.Pause(60);
        _bed.Now -= TimeSpan.FromHours(1);
        _bed.Seconds(62);
        Assert.Null(_bed.Updates[^1].PausedUntil);
    }

    [Fact]
    public void A_reminder_comes_in_its_time_although_the_clock_is_set_back()
    {
        var onset = Onset();
        _bed.Now -= TimeSpan.FromHours(1);
        Assert.Empty(_bed.Windows(Enumerable.Repeat(.9f, 60)).Take());
        var reminder = Assert.Single(_bed.Windows(.9f).Take());
        Assert.Equal((AlertState.Ongoing, onset.Id), (reminder.State, reminder.Id));
    }

    [Fact]
    public void A_step_that_no_window_decided_brings_no_window()
    {
        var onset = Onset();
        Assert.Equal((.9f, 72.0, true), (onset.Probability, onset.Window!.HeartRate, onset.Evidence is not null));

        _bed.Windows(.9f, .9f).Acknowledge(onset.Id);
        _bed.Pause(60);
        _bed.Ask(new AlertCommand.Resume("bed-1", "nurse"));
        Assert.Equal([AlertState.Acknowledged, AlertState.Paused, AlertState.Ongoing], Decided(_bed.Take(), byWindow: false));
        Assert.Equal([AlertState.Cleared], Decided(_bed.Windows(.1f, .1f, .1f).Take(), byWindow: true));

        _bed.Rate(130, 40);
        Assert.Equal([AlertState.Onset], Decided(_bed.Take(), byWindow: true));
        Assert.Equal([AlertState.Cleared], Decided(_bed.Rate(160, 10).Take().Where(step => step.Code == "tachycardia"), byWindow: false));

        static IEnumerable<AlertState> Decided(IEnumerable<Alert> steps, bool byWindow) => steps.Select(step =>
        {
            Assert.Equal(byWindow, step.Window is not null);
            Assert.Equal(byWindow && step.Code == "atrial-fibrillation", step.Evidence is not null);
            Assert.Equal(step.Evidence is not null, step.Probability is not null);
            return step.State;
        }).ToList();
    }

    [Fact]
    public void The_box_cannot_be_paused()
    {
        using var box = new BedOfTest(bed: null);
        Assert.Contains("acknowledge", box.Ask(new AlertCommand.Pause(null, "nurse", TimeSpan.FromSeconds(10))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_is_the_same_after_a_restart_and_clears_when_the_condition_is_over()
    {
        var onset = Onset();
        _bed.Acknowledge(onset.Id);
        Assert.True(StoredAlerts.CanBeRead(_bed.State!));
        using var again = new BedOfTest(_bed.State, _bed.Now.AddMinutes(1));
        Assert.Empty(again.Windows(.9f, .1f, .1f).Take());
        var cleared = Assert.Single(again.Windows(.1f).Take());
        Assert.Equal((onset.Id, 3, AlertState.Cleared, onset.Onset, "nurse", onset.Snomed), (cleared.Id, cleared.Sequence, cleared.State, cleared.Onset, cleared.AcknowledgedBy, cleared.Snomed));
        Assert.Null(again.State);
    }

    [Fact]
    public void A_latched_alert_and_a_pause_survive_a_restart()
    {
        _bed.Seconds(1, window => window with { SinceBeat = TimeSpan.FromSeconds(5), HeartRate = null }).Seconds(20);
        var latched = _bed.Take()[^1];
        Assert.Equal(AlertState.Latched, latched.State);
        _bed.Pause(300);

        using var again = new BedOfTest(_bed.State, _bed.Now.AddMinutes(1));
        Assert.Empty(again.Seconds(239).Take());
        Assert.Equal((AlertState.Latched, latched.Id, 4, null), Assert.Single(again.Seconds(1).Take()) is var step ? (step.State, step.Id, step.Sequence, step.PausedUntil) : default);
        again.Acknowledge(latched.Id);
        Assert.Equal([AlertState.Acknowledged, AlertState.Cleared], again.Take().Select(s => s.State));
    }

    [Fact]
    public void An_alert_whose_rule_is_gone_is_cleared_with_the_reason()
    {
        var onset = Onset();
        using var again = new BedOfTest(_bed.State, _bed.Now, [.. AlertRules.Default.Where(rule => rule.Kind == AlertKind.Technical)]);
        var cleared = Assert.Single(again.Seconds(1).Take());
        Assert.Equal((onset.Id, 2, AlertState.Cleared, "No rule watches for it any more."), (cleared.Id, cleared.Sequence, cleared.State, cleared.Detail));
        Assert.Null(cleared.Probability);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"alerts\":[{}]}")]
    [InlineData("no JSON")]
    public void State_that_cannot_be_read_does_not_keep_a_bed_from_being_watched(string state)
    {
        Assert.False(StoredAlerts.CanBeRead(Encoding.UTF8.GetBytes(state)));
        using var again = new BedOfTest(Encoding.UTF8.GetBytes(state));
        Assert.Equal(["atrial-fibrillation Onset"], again.Windows(.9f, .9f, .9f).Short());
    }

    /// <summary>Whatever happens, and however often the daemon is restarted in between, each alert lives one life in order.</summary>
    [Property(MaxTest = 60)]
    public Property Each_alert_lives_one_life_in_order_whatever_happens() => Prop.ForAll(Gen.Choose(0, 10).ListOf(60).ToArbitrary(), events =>
    {
        var steps = new List<Alert>();
        var bed = new BedOfTest();
        foreach (var happens in events)
        {
            switch (happens)
            {
                case 0: bed.Windows(.9f, .9f, .9f); break;
                case 1: bed.Windows(.1f, .1f, .1f); break;
                case 2: bed.Rate(130, 45); break;
                case 3: bed.Rate(160, 15); break;
                case 4: bed.Rate(70, 45); break;
                case 5: bed.Seconds(20, BedOfTest.LeadsOff); break;
                case 6: bed.Seconds(2, window => window with { SinceBeat = TimeSpan.FromSeconds(6), HeartRate = null }); break;
                case 7: bed.Pause(30); break;
                case 8 when Active(bed.Take(steps)).FirstOrDefault() is { } active: bed.Acknowledge(active.Id); break;
                case 9: bed.Sign(TechnicalCondition.DeviceLost, true).Seconds(10, samples: false).Sign(TechnicalCondition.DeviceLost, false); break;
                case 10:
                    var again = new BedOfTest(bed.State, bed.Now);
                    _ = bed.Take(steps);
                    bed.Dispose();
                    bed = again;
                    break;
            }

            _ = bed.Take(steps);
        }

        bed.Dispose();
        foreach (var life in steps.GroupBy(step => step.Id))
        {
            Assert.Equal(Enumerable.Range(1, life.Count()), life.Select(step => step.Sequence));
            Assert.Equal(AlertState.Onset, life.First().State);
            Assert.All(life.Skip(1), step => Assert.NotEqual(AlertState.Onset, step.State));
            Assert.All(life.SkipLast(1), step => Assert.NotEqual(AlertState.Cleared, step.State));
            Assert.Single(life.Select(step => (step.Code, step.Onset)).Distinct());
        }

        foreach (var code in steps.GroupBy(step => step.Code))
        {
            // One after the other: the next begins when the one before is over.
            Alert? before = null;
            foreach (var step in code)
            {
                if (before is not null && step.Id != before.Id) Assert.Equal(AlertState.Cleared, before.State);
                before = step;
            }
        }
    });

    private static IEnumerable<Alert> Active(IEnumerable<Alert> steps) => steps.GroupBy(step => step.Id).Select(life => life.Last()).Where(step => step.State != AlertState.Cleared);
}
