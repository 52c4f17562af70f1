using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>The machine's own Chromium, once for several tests. A test that finds none is skipped, visibly.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        var path = new[] { Environment.GetEnvironmentVariable("ECGFM_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        if (path is null) return;
        Assertions.SetDefaultExpectTimeout(Viewer.PatienceMs);
        _playwright = await Playwright.CreateAsync();
        // Containers have little shared memory, and a page of 64 beds wants more.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--disable-dev-shm-usage"] });
    }

    /// <summary>The browser.</summary>
    public IBrowser Browser
    {
        get
        {
            Skip.IfNot(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "dashboard")), "The page was not built: BuildDashboard is false.");
            Skip.If(_browser is null, "Chromium is not installed: device/setup.sh installs it on Debian, ECGFM_CHROMIUM names another.");
            return _browser;
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
