using System.Diagnostics;
using System.Reactive.Concurrency;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;
using Xunit.Abstractions;

namespace EcgFm.Edge.Tests;

/// <summary>Twelve virtual hours at one bed, with the network that is shipped: the alerts that are expected, and no other.</summary>
public class TwelveHoursTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Rhythms_noise_leads_off_and_a_lost_device_give_exactly_the_expected_alerts()
    {
        var clock = new HistoricalScheduler(Interpretations.Start);
        var device = new ScriptedDevice(
            clock,
            ("sinus@72:60m,af@95:20m,sinus@70:40m,tachy@130:10m,sinus@75:30m,brady@44:10m,sinus@68+off=V1:5m,sinus@72:25m,sinus@72+muscle=1.5:10m,sinus@70:30m", 15 * Minute),
            ("sinus@74:45m,af@90:10m,af@90+off=RL:10m,af@90:10m,sinus@70:60m,pause:15s,sinus@65:30m,svt@180:2m,sinus@78:9765s,sinus@66:20m", 5 * Minute),
            ("sinus@70:110m", default));
        using var model = EcgModel.Load(BundledModel.Path);
        using var monitor = new Monitor(new() { Bed = "bed-1", Source = device, Finite = false, Scheduler = clock }, model, new NoTelemetry());
        var steps = new List<Alert>();
        var windows = 0;
        using var alerts = monitor.Alerts.Subscribe(steps.Add);
        using var interpretations = monitor.Interpretations.Subscribe(_ => windows++);

        var started = Stopwatch.GetTimestamp();
        var running = monitor.RunAsync(CancellationToken.None);
        clock.AdvanceBy(400 * Minute);
        // Somebody looks at what the bed has kept for them.
        Assert.True(monitor.Ask(new AlertCommand.Acknowledge("bed-1", "nurse", Assert.Single(steps, step => step.State == AlertState.Latched).Id)).Accepted);
        clock.AdvanceBy(321 * Minute);
        output.WriteLine($"{windows} windows in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        foreach (var step in steps) output.WriteLine($"{At(step.Time),8:0.00} min  {step.Code} {step.State} since {At(step.Onset):0.00} {step.Detail}");

        Assert.True(running.IsCompletedSuccessfully);
        Assert.InRange(windows, 4150, 4200);
        var lives = steps.GroupBy(step => step.Id).ToList();
        Assert.Equal(
            ["atrial-fibrillation", "tachycardia", "bradycardia", "leads-off", "noise", "device-lost", "atrial-fibrillation", "leads-off", "asystole", "extreme-tachycardia", "device-lost"],
            lives.Select(life => life.First().Code));
        (double Begins, double Ends)[] expected = [(60, 80), (120, 130), (160, 170), (170, 175), (200, 210), (240, 255), (300, 330), (310, 320), (390, 400), (420.25, 422.25), (605, 610)];
        foreach (var (life, (begins, ends)) in lives.Zip(expected))
        {
            Assert.Equal((AlertState.Onset, AlertState.Cleared), (life.First().State, life.Last().State));
            Assert.Equal(Enumerable.Range(1, life.Count()), life.Select(step => step.Sequence));
            // Each is raised after its own delay, and no alert lasts longer than its cause by more than a minute and a half.
            Assert.InRange(At(life.First().Time), begins, begins + 1.1);
            Assert.InRange(At(life.Last().Time), ends, ends + 1.5);
        }

        // Asystole is known within seconds.
        Assert.InRange(At(lives.Single(life => life.First().Code == "asystole").First().Time), 390, 390.15);
    }

    private static double At(DateTimeOffset time) => (time - Interpretations.Start).TotalMinutes;
}
