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
            ("sinus@74:45m,af@90:10m,af@90+off=RL:10m,af@90:10m,sinus@70:60m,pause:15s,sinus@65:30m,svt@180:2m,sinus@78+pvc=0.02:9765s,sinus@66:20m", 5 * Minute),
            ("sinus@70:110m", default));
        using var model = EcgModel.Load(BundledModel.Path);
        using var monitor = new Monitor(new() { Bed = "bed-1", Source = device, Finite = false, Scheduler = clock }, model, new NoTelemetry());
        var alerts = new List<Alert>();
        var windows = 0;
        using var a = monitor.Alerts.Subscribe(alerts.Add);
        using var w = monitor.Interpretations.Subscribe(_ => windows++);

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var running = monitor.RunAsync(CancellationToken.None);
        clock.AdvanceBy(TimeSpan.FromHours(12) + Minute);
        output.WriteLine($"{windows} windows in {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        foreach (var step in alerts.Where(step => step.State != AlertState.Ongoing))
            output.WriteLine($"{(step.Time - Interpretations.Start).TotalMinutes,8:0.00} min {step.Code,-22} {step.State} onset {(step.Onset - Interpretations.Start).TotalMinutes:0.00} {step.Detail}");
        Assert.True(running.IsCompletedSuccessfully);
    }
}
