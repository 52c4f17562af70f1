using System.Reactive.Linq;
using EcgFm.Core;
using EcgFm.Telemetry.Wave;

namespace EcgFm.Telemetry;

/// <summary>The publishing stage of the flow: a sink that passes its input on.</summary>
public static class PublishToOperator
{
    /// <summary>Stores what each event brings to the alerts for publishing, then passes it on.</summary>
    public static IObservable<AlertUpdate> PublishTo(this IObservable<AlertUpdate> updates, ITelemetrySink telemetry) => updates.Do(telemetry.Publish);

    /// <summary>Stores each step of each alert for publishing, then passes it on.</summary>
    public static IObservable<Alert> PublishTo(this IObservable<Alert> alerts, ITelemetrySink telemetry) => alerts.Do(telemetry.Publish);

    /// <summary>Sends what the network says of each window of the bed, and passes it on.</summary>
    public static IObservable<Interpretation> PublishTo(this IObservable<Interpretation> interpretations, ITelemetrySink telemetry, string bed) =>
        interpretations.Do(interpretation => telemetry.Publish(interpretation, bed));

    /// <summary>Sends the vitals of the bed, and passes them on.</summary>
    public static IObservable<Vitals> PublishTo(this IObservable<Vitals> vitals, ITelemetrySink telemetry, string bed) =>
        vitals.Do(value => telemetry.Publish(value, bed));

    /// <summary>Sends the samples of the bed, blocks of standard leads, for live views, and passes them on.</summary>
    public static IObservable<EcgBlock> PublishTo(this IObservable<EcgBlock> blocks, ITelemetrySink telemetry, string bed) => Observable.Defer(() =>
    {
        var packer = new WavePacker();
        return blocks.Do(block => packer.Add(block, wave => telemetry.PublishWave(wave, bed)));
    });
}
