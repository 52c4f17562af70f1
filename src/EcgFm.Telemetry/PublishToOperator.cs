using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>The publishing stage of the flow: a sink that passes its input on.</summary>
public static class PublishToOperator
{
    /// <summary>Stores each step of each alert for publishing, then passes it on.</summary>
    public static IObservable<Alert> PublishTo(this IObservable<Alert> alerts, ITelemetrySink telemetry) => alerts.Do(telemetry.Publish);

    /// <summary>Sends what the network says of each window of the bed, and passes it on.</summary>
    public static IObservable<Interpretation> PublishTo(this IObservable<Interpretation> interpretations, ITelemetrySink telemetry, string bed) =>
        interpretations.Do(interpretation => telemetry.Publish(interpretation, bed));

    /// <summary>Sends the vitals of the bed, and passes them on.</summary>
    public static IObservable<Vitals> PublishTo(this IObservable<Vitals> vitals, ITelemetrySink telemetry, string bed) =>
        vitals.Do(value => telemetry.Publish(value, bed));
}
