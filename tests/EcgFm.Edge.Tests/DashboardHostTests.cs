using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using EcgFm.Edge.Dashboard;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

/// <summary>The page over real HTTP.</summary>
public sealed class DashboardHostTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _page = Directory.CreateTempSubdirectory("ecgfm-page-");

    public DashboardHostTests()
    {
        Directory.CreateDirectory(Path.Combine(_page.FullName, "assets"));
        File.WriteAllText(Path.Combine(_page.FullName, "index.html"), "<!doctype html><title>Beds</title>");
        File.WriteAllText(Path.Combine(_page.FullName, "assets", "main-1a2b.js"), "export const beds = [];" + new string(' ', 4000));
        File.WriteAllText(Path.Combine(_page.Parent!.FullName, _page.Name + ".secret"), "not part of the page");
    }

    public void Dispose()
    {
        File.Delete(Path.Combine(_page.Parent!.FullName, _page.Name + ".secret"));
        _page.Delete(recursive: true);
    }

    private Task<DashboardHost> StartAsync(DashboardOptions? options = null) => DashboardHost.StartAsync(options ?? Options, _page.FullName);

    private static DashboardOptions Options { get; } = new() { Port = 0, TopicRoot = "ecgfm/v1", Broker = new Uri("ws://broker.example:9001/mqtt") };

    /// <summary>A browser that follows nothing by itself and keeps no cookies, so that the test sees each answer.</summary>
    private static HttpClient Browser(DashboardHost host, TestCertificates? trusted = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == trusted?.Server.GetCertHashString() },
    })
    {
        BaseAddress = host.Address,
    };

    [Fact]
    public async Task The_page_comes_with_headers_that_let_nothing_else_in()
    {
        await using var host = await StartAsync();
        using var browser = Browser(host);
        Assert.True(host.Address.IsLoopback);
        var page = await browser.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("<title>Beds</title>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy")).Split("; ");
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("connect-src 'self' ws: wss:", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain(policy, part => part.Contains("unsafe", StringComparison.Ordinal) || part.Contains("http", StringComparison.Ordinal) || part.Contains('*', StringComparison.Ordinal));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.False(page.Headers.Contains("Server"));
    }

    [Fact]
    public async Task What_is_named_by_its_content_is_kept_for_ever_and_the_rest_is_asked_for_again()
    {
        await using var host = await StartAsync();
        using var browser = Browser(host);
        var script = await browser.GetAsync("/assets/main-1a2b.js");
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.CacheControl!.ToString());
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);

        var page = await browser.GetAsync("/index.html");
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/index.html");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await browser.SendAsync(again)).StatusCode);

        using var pressed = new HttpRequestMessage(HttpMethod.Get, "/assets/main-1a2b.js");
        pressed.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        var small = await browser.SendAsync(pressed);
        Assert.Equal("br", Assert.Single(small.Content.Headers.ContentEncoding));
        Assert.InRange((await small.Content.ReadAsByteArrayAsync()).Length, 1, 200);
    }

    [Fact]
    public async Task The_configuration_tells_the_page_its_broker_and_nothing_secret_and_is_never_kept()
    {
        await using var host = await StartAsync();
        using var browser = Browser(host);
        var answer = await browser.GetAsync("/config.json");
        Assert.Equal(("application/json", "no-store"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
        Assert.Equal("""{"root":"ecgfm/v1","broker":"ws://broker.example:9001/mqtt"}""", await answer.Content.ReadAsStringAsync());

        await using var other = await StartAsync(Options with { Broker = null, TopicRoot = "hospital/ecg" });
        using var its = Browser(other);
        using var configuration = JsonDocument.Parse(await its.GetStringAsync("/config.json"));
        Assert.Equal(["root"], configuration.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Nothing_else_is_there_and_nothing_can_be_written()
    {
        await using var host = await StartAsync();
        using var browser = Browser(host);
        foreach (var path in new[] { "/none.js", "/healthz", "/metrics", "/assets/", $"/..%2f{_page.Name}.secret", $"/assets/%2e%2e/%2e%2e/{_page.Name}.secret", "/%00" })
        {
            var answer = await browser.GetAsync(path);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain("not part of", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            using var request = new HttpRequestMessage(method, "/config.json");
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task With_a_token_nobody_sees_anything_without_it()
    {
        await using var host = await StartAsync(Options with { Token = Token });
        using var browser = Browser(host);
        foreach (var path in new[] { "/", "/config.json", "/assets/main-1a2b.js", "/none", "/?token=", "/?token=wrong", $"/?token={Token}x", $"/?token={Token[1..]}", $"/?token={Token}&token={Token}", $"/?Token%00={Token}" })
        {
            var refused = await browser.GetAsync(path);
            Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {refused.StatusCode}");
            Assert.False(refused.Headers.Contains("Set-Cookie"));
            Assert.Equal("no-store", refused.Headers.CacheControl!.ToString());
            var said = await refused.Content.ReadAsStringAsync();
            Assert.Contains("needs its token", said, StringComparison.Ordinal);
            Assert.DoesNotContain("ecgfm/v1", said, StringComparison.Ordinal);
        }

        foreach (var header in new[] { $"Bearer {Token}x", "Bearer", $"Basic {Token}", Token })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/config.json");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request)).StatusCode);
        }

        foreach (var cookie in new[] { $"ecgfm-dashboard={Token}", "ecgfm-dashboard=", "ecgfm-dashboard=AAAA" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await WithAsync(browser, "Cookie", cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(browser, "Authorization", $"Bearer {Token}")).StatusCode);
    }

    private static async Task<HttpResponseMessage> WithAsync(HttpClient browser, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/config.json");
        request.Headers.TryAddWithoutValidation(header, value);
        return await browser.SendAsync(request);
    }

    [Fact]
    public async Task The_token_in_the_address_becomes_a_cookie_that_no_script_reads_and_goes_from_the_address()
    {
        await using var host = await StartAsync(Options with { Token = Token });
        using var browser = Browser(host);
        var taken = await browser.GetAsync($"/?token={Token}");

        Assert.Equal((HttpStatusCode.OK, "0; url=./"), (taken.StatusCode, Assert.Single(taken.Headers.GetValues("Refresh"))));
        Assert.Equal("no-store", taken.Headers.CacheControl!.ToString());
        var cookie = Assert.Single(taken.Headers.GetValues("Set-Cookie"));
        foreach (var part in new[] { "httponly", "samesite=strict", "path=/" }) Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(browser, "Cookie", cookie.Split(';')[0])).StatusCode);

        // The same after a restart; another token makes another cookie.
        await using var again = await StartAsync(Options with { Token = Token });
        using var its = Browser(again);
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(its, "Cookie", cookie.Split(';')[0])).StatusCode);
        await using var changed = await StartAsync(Options with { Token = new string('x', 32) });
        using var other = Browser(changed);
        Assert.Equal(HttpStatusCode.Unauthorized, (await WithAsync(other, "Cookie", cookie.Split(';')[0])).StatusCode);
    }

    [Fact]
    public async Task By_https_the_cookie_is_for_https_only()
    {
        using var certificates = new TestCertificates();
        await using var host = await StartAsync(Options with { Token = Token, Certificate = certificates.Server });
        using var browser = Browser(host, certificates);
        Assert.Equal("https", host.Address.Scheme);
        Assert.Contains("; secure", Assert.Single((await browser.GetAsync($"/?token={Token}")).Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_page_that_is_not_there_are_errors_that_can_be_caught()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await Assert.ThrowsAsync<IOException>(() => StartAsync(Options with { Port = ((IPEndPoint)other.LocalEndpoint).Port }));
        // A documentation address, which is no machine's.
        await Assert.ThrowsAsync<SocketException>(() => StartAsync(Options with { Address = IPAddress.Parse("192.0.2.1") }));
        var missing = await Assert.ThrowsAsync<IOException>(() => DashboardHost.StartAsync(Options, Path.Combine(_page.FullName, "none")));
        Assert.Contains("BuildDashboard", missing.Message, StringComparison.Ordinal);
    }
}
