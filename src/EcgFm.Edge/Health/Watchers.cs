using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge.Health;

/// <summary>Those who watch the daemon: systemd, a scraper, a collector. None of them may keep it from monitoring.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly IDisposable? _export;
    private readonly HealthEndpoint? _endpoint;

    private Watchers(IDisposable? export, HealthEndpoint? endpoint) => (_export, _endpoint) = (export, endpoint);

    /// <summary>Opens what the configuration names; what cannot be opened is logged, and monitoring goes on.</summary>
    public static async Task<Watchers> OpenAsync(EdgeConfiguration configuration, DeviceHealth health, EdgeMeter meter, ILogger logger)
    {
        var export = configuration.OpenTelemetry is { } collector
            ? OpenTelemetryExport.Start(collector, $"{configuration.Topics.Site}/{configuration.Topics.Device}")
            : null;
        return new(export, await ListenAsync(configuration.HealthPort, health, meter, logger).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _export?.Dispose();
        if (_endpoint is not null) await _endpoint.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<HealthEndpoint?> ListenAsync(int? port, DeviceHealth health, EdgeMeter meter, ILogger logger)
    {
        if (port is null) return null;
        try
        {
            return await HealthEndpoint.StartAsync(port.Value, health, meter).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            logger.LogError("Nothing listens on port {Port}: {Fault} Monitoring goes on.", port, fault.Message);
            return null;
        }
    }
}
