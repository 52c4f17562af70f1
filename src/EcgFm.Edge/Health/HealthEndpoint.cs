using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge.Health;

/// <summary><c>/healthz</c> and <c>/metrics</c>, on this machine only.</summary>
internal sealed class HealthEndpoint : IAsyncDisposable
{
    private readonly WebApplication _web;

    private HealthEndpoint(WebApplication web) => _web = web;

    /// <summary>Begins to listen on loopback.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<HealthEndpoint> StartAsync(int port, DeviceHealth health, EdgeMeter meter)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var web = builder.Build();
        web.Run(request => (request.Request.Method, request.Request.Path.Value) switch
        {
            ("GET", "/healthz") => AnswerHealthAsync(request.Response, health),
            ("GET", "/metrics") => AnswerAsync(request.Response, StatusCodes.Status200OK, PrometheusText.ContentType, PrometheusText.Write(meter.Meter)),
            _ => AnswerAsync(request.Response, StatusCodes.Status404NotFound, "text/plain", "There are /healthz and /metrics.\n"),
        });
        try
        {
            await web.StartAsync().ConfigureAwait(false);
            return new(web);
        }
        catch
        {
            await web.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>200 while everything that has samples makes progress, else 503 and what has stopped.</summary>
    private static Task AnswerHealthAsync(HttpResponse response, DeviceHealth health)
    {
        var standstills = health.Standstills();
        return standstills.Count == 0
            ? AnswerAsync(response, StatusCodes.Status200OK, "text/plain", "ok\n")
            : AnswerAsync(response, StatusCodes.Status503ServiceUnavailable, "text/plain", string.Join('\n', standstills) + "\n");
    }

    private static Task AnswerAsync(HttpResponse response, int status, string type, string text)
    {
        (response.StatusCode, response.ContentType) = (status, type);
        return response.WriteAsync(text);
    }
}
