using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>Who sees the page, and who sees the beds.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessTests(Chromium chromium)
{
    [SkippableFact]
    public async Task The_token_opens_the_page_the_password_opens_the_beds_and_neither_stays_behind()
    {
        _ = chromium.Browser;
        await using var hospital = await Hospital.OpenAsync(locked: true, ("bed-1", "sinus:10m"));
        await using var stranger = await Viewer.OpenAsync(chromium, hospital.Page);
        await Assertions.Expect(stranger.Page.Locator("body")).ToContainTextAsync("needs its token");
        Assert.Equal(0, await stranger.Page.Locator("script").CountAsync());

        await using var viewer = await Viewer.OpenAsync(chromium, hospital.Page, $"?token={Hospital.Token}");
        var form = viewer.By("connect-form");
        await Viewer.SeesAsync(form);
        Assert.DoesNotContain(Hospital.Token, viewer.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("ecgfm-dashboard", await viewer.Page.EvaluateAsync<string>("() => document.cookie"), StringComparison.Ordinal);

        await form.GetByLabel("User name").FillAsync(Hospital.Key.User);
        await form.GetByLabel("Password").FillAsync("a wrong one");
        await form.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await Viewer.SeesAsync(viewer.By("refused"));
        await form.GetByLabel("Password").FillAsync(Hospital.Key.Password);
        await form.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await Viewer.HasAsync(viewer.Tile("bed-1"), "data-status", "live");
        Assert.DoesNotContain(Hospital.Key.Password, viewer.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(Hospital.Key.Password, await viewer.Page.EvaluateAsync<string>("() => JSON.stringify(localStorage)"), StringComparison.Ordinal);

        // A reload is the same session.
        await viewer.Page.ReloadAsync();
        await Viewer.HasAsync(viewer.Tile("bed-1"), "data-status", "live");
        viewer.AssertClean(hospital.Hosts);
    }
}
