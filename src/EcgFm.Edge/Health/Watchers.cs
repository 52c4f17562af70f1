using System.Net.Sockets;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Dashboard;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge.Health;

/// <summary>Those who watch the daemon: systemd, a scraper, a collector, people before the dashboard. None of them may keep it from monitoring.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly IDisposable? _export;
    private readonly HealthEndpoint? _endpoint;
    private readonly DashboardHost? _dashboard;

    private Watchers(IDisposable? export, HealthEndpoint? endpoint, DashboardHost? dashboard) => (_export, _endpoint, _dashboard) = (export, endpoint, dashboard);

    /// <summary>Opens what the configuration names; what cannot be opened is logged, and monitoring goes on.</summary>
    public static async Task<Watchers> OpenAsync(EdgeConfiguration configuration, DeviceHealth health, EdgeMeter meter, ILogger logger)
    {
        var export = configuration.OpenTelemetry is { } collector
            ? OpenTelemetryExport.Start(collector, $"{configuration.Topics.Site}/{configuration.Topics.Device}")
            : null;
        var endpoint = await ListenAsync(configuration.HealthPort, port => HealthEndpoint.StartAsync(port, health, meter), logger).ConfigureAwait(false);
        var dashboard = await ListenAsync(configuration.Dashboard?.Port, _ => DashboardHost.StartAsync(configuration.Dashboard!), logger).ConfigureAwait(false);
        if (dashboard is not null) logger.LogInformation("The dashboard is at {Address}.", dashboard.Address);
        return new(export, endpoint, dashboard);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _export?.Dispose();
        if (_endpoint is not null) await _endpoint.DisposeAsync().ConfigureAwait(false);
        if (_dashboard is not null) await _dashboard.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<T?> ListenAsync<T>(int? port, Func<int, Task<T>> start, ILogger logger)
        where T : class
    {
        if (port is null) return null;
        try
        {
            return await start(port.Value).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            logger.LogError("Nothing listens on port {Port}: {Fault} Monitoring goes on.", port, fault.Message);
            return null;
        }
    }
}
