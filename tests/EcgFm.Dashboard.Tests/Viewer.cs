using System.Text.Json;
using EcgFm.Testing;
using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>Somebody in front of the page, who sees all that goes wrong in it: errors on the console, what the content-security policy held back, and requests to other hosts.</summary>
public sealed class Viewer : IAsyncDisposable
{
    /// <summary>How long anything may take, in milliseconds; machines that test are slow.</summary>
    public const float PatienceMs = 90_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _hosts = [];

    private Viewer(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Note($"console: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Note($"exception: {error}");
        page.Request += (_, request) => Reach(request.Url);
        page.WebSocket += (_, socket) => Reach(socket.Url);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Where the pictures go.</summary>
    public static string Pictures { get; } = Path.Combine(TestData.Repository, "artifacts", "screenshots");

    /// <summary>Opens the page.</summary>
    public static async Task<Viewer> OpenAsync(Chromium chromium, Uri address, string query = "")
    {
        var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1920, Height = 1080 }, ReducedMotion = ReducedMotion.NoPreference });
        context.SetDefaultTimeout(PatienceMs);
        var viewer = new Viewer(context, await context.NewPageAsync());
        await viewer.Page.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))");
        await viewer.Page.GotoAsync(new Uri(address, "/" + query).AbsoluteUri);
        return viewer;
    }

    /// <summary>The tile of a bed.</summary>
    public ILocator Tile(string bed) => Page.Locator($"[data-testid=tile][data-bed='{bed}']");

    /// <summary>An element by its test id.</summary>
    public ILocator By(string testId) => Page.GetByTestId(testId);

    /// <summary>Waits until an attribute has the value.</summary>
    public static Task HasAsync(ILocator element, string attribute, string value) => Assertions.Expect(element).ToHaveAttributeAsync(attribute, value);

    /// <summary>Waits until it is seen.</summary>
    public static Task SeesAsync(ILocator element) => Assertions.Expect(element).ToBeVisibleAsync();

    /// <summary>Waits until it is gone.</summary>
    public static Task GoneAsync(ILocator element) => Assertions.Expect(element).ToHaveCountAsync(0);

    /// <summary>What the page measured of itself.</summary>
    public async Task<JsonElement> MeasuresAsync() => (await Page.EvaluateAsync("() => window.ecgfmDashboard"))!.Value;

    /// <summary>Keeps a picture of what is seen.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png") });

    /// <summary>Has axe, which comes with the page's own packages, look for what keeps people from using the view.</summary>
    public async Task CheckAccessAsync(string view)
    {
        // Read into the page by the debugger, and not as one of its scripts: its policy stays as it is.
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(TestData.Repository, "src", "EcgFm.Dashboard", "node_modules", "axe-core", "axe.min.js")));
        var violations = (await Page.EvaluateAsync("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')}`)"))!.Value;
        Assert.True(violations.GetArrayLength() == 0, $"{view}: {string.Join('\n', violations.EnumerateArray())}");
    }

    /// <summary>Fails when anything went wrong since the page was opened, but for what contains one of the texts.</summary>
    /// <param name="hosts">The hosts with ports that the page may reach: its own, and the broker's.</param>
    /// <param name="expected">What the test itself caused, such as a refused connection to a broker that it stopped.</param>
    public void AssertClean(IEnumerable<string> hosts, params string[] expected)
    {
        lock (_faults)
        {
            var unexpected = _faults.Where(fault => !expected.Any(text => fault.Contains(text, StringComparison.Ordinal))).ToList();
            Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
            Assert.Empty(_hosts.Except(hosts));
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Note(string fault)
    {
        lock (_faults) _faults.Add(fault);
    }

    private void Reach(string url)
    {
        if (url.StartsWith("blob:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal)) return;
        lock (_faults) _hosts.Add(new Uri(url).Authority);
    }
}
