using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace EcgFm.Edge.Health;

/// <summary>Sends the metrics to an OpenTelemetry collector, for whoever asks for it.</summary>
internal static class OpenTelemetryExport
{
    /// <summary>Begins; dispose of it to end.</summary>
    /// <param name="collector">The collector: http://host:4317 for gRPC, or a path that ends in /v1/metrics for HTTP.</param>
    /// <param name="device">The device, as in the topics: site and device.</param>
    public static IDisposable Start(Uri collector, string device) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("ecgfm-edge", serviceVersion: Daemon.Version, serviceInstanceId: device))
        .AddMeter(EdgeMeter.Name)
        .AddOtlpExporter(otlp =>
        {
            otlp.Endpoint = collector;
            otlp.Protocol = collector.AbsolutePath.EndsWith("/v1/metrics", StringComparison.Ordinal) ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        })
        .Build();
}
