using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace EcgFm.Edge.Dashboard;

/// <summary>Serves the page, which is files, and <c>config.json</c>, which tells it where its broker is. All else the page has from the broker.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    /// <summary>Nothing from elsewhere and nothing written into the page runs; but the broker is wherever its user says.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly WebApplication _web;

    private DashboardHost(WebApplication web, Uri address) => (_web, Address) = (web, address);

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>Where the build puts the page, beside the program.</summary>
    public static string BundledPage { get; } = Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>Whether this program was built with the page.</summary>
    public static bool HasBundledPage => File.Exists(Path.Combine(BundledPage, "index.html"));

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, for whom and which broker.</param>
    /// <param name="page">The folder of the page's files; the one beside the program unless given.</param>
    /// <exception cref="IOException">The port is taken, or the page is not there.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is none of this machine, or the port is not for this user.</exception>
    public static async Task<DashboardHost> StartAsync(DashboardOptions options, string? page = null)
    {
        page ??= BundledPage;
        if (!File.Exists(Path.Combine(page, "index.html"))) throw new IOException($"There is no dashboard in {page}: this program was built with BuildDashboard=false.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                if (options.Certificate is not null) listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (options.Certificate, options.Chain));
            });
        });
        if (options.Certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        // Nothing that is served is secret, so that compressing it over https gives nothing away.
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
        var web = builder.Build();
        web.Use(AddHeadersAsync);
        if (options.Token is { } token) web.Use(new DashboardToken(token, options.Certificate is not null).GuardAsync);
        web.UseResponseCompression();
        var configuration = Configuration(options);
        web.Use((request, next) => request.Request.Path == "/config.json" ? AnswerConfigurationAsync(request, configuration) : next());
        web.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(page),
            StaticFileOptions = { OnPrepareResponse = AllowCaching, ContentTypeProvider = new FileExtensionContentTypeProvider() },
        });
        web.Run(AnswerNotFoundAsync);
        try
        {
            await web.StartAsync().ConfigureAwait(false);
            // The port that was taken, where any would do.
            var bound = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            return new(web, bound);
        }
        catch
        {
            await web.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static string Configuration(DashboardOptions options)
    {
        var configuration = new JsonObject { ["root"] = options.TopicRoot };
        if (options.Broker is { } broker) configuration["broker"] = broker.OriginalString;
        return configuration.ToJsonString();
    }

    private static Task AddHeadersAsync(HttpContext request, Func<Task> next)
    {
        var headers = request.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Until somebody knows better: config.json, sign-in and errors are as they are now.
        headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(request.Request.Method) && !HttpMethods.IsHead(request.Request.Method))
        {
            request.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        return next();
    }

    private static Task AnswerConfigurationAsync(HttpContext request, string configuration)
    {
        request.Response.ContentType = "application/json";
        return request.Response.WriteAsync(configuration);
    }

    /// <summary>The build names what lies in <c>assets</c> by its content, so it never changes; all else is asked for again, and answered briefly when it has not changed.</summary>
    private static void AllowCaching(StaticFileResponseContext file)
    {
        var hashed = file.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
        file.Context.Response.Headers[HeaderNames.CacheControl] = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    }

    private static Task AnswerNotFoundAsync(HttpContext request)
    {
        (request.Response.StatusCode, request.Response.ContentType) = (StatusCodes.Status404NotFound, "text/plain");
        return request.Response.WriteAsync("There is nothing here; the dashboard is at /.\n");
    }
}
