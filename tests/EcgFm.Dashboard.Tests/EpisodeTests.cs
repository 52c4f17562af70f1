using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>Atrial fibrillation begins, is seen, acknowledged and looked into; another patient's ends; with real daemons, a real broker and a real browser.</summary>
public sealed class EpisodeTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>A ward as it may be: one who falls into fibrillation and stays in it, however slow the machine is, one whose heart is far too slow, one with a loose electrode, and others.</summary>
    private static readonly (string, string)[] Ward =
    [
        ("bed-1", "sinus:16s,af:1h"), ("bed-2", "sinus:10m"), ("bed-3", "sinus@95:10m"), ("bed-4", "brady@34:10m"),
        ("bed-5", "sinus@66+off=LA:10m"), ("bed-6", "sinus+pvc=0.1:10m"), ("bed-7", "sinus@58:10m"), ("bed-8", "tachy@112:10m"),
    ];

    [SkippableFact]
    public async Task An_episode_is_followed_from_the_tile_to_what_the_network_looked_at_and_another_to_its_end()
    {
        _ = chromium.Browser;
        await using var hospital = await Hospital.OpenAsync(Ward);
        await using var viewer = await Viewer.OpenAsync(chromium, hospital.Page);

        foreach (var (bed, _) in Ward) await Viewer.HasAsync(viewer.Tile(bed), "data-status", "live");
        var alert = viewer.Tile("bed-1").Locator("[data-alert][data-priority=medium]", new() { HasText = "Atrial fibrillation" });
        await Viewer.SeesAsync(alert);
        await Viewer.HasAsync(viewer.Tile("bed-1"), "data-priority", "medium");
        // The most urgent come first.
        await Viewer.HasAsync(viewer.Tile("bed-4"), "data-priority", "high");
        await Viewer.SeesAsync(viewer.Tile("bed-5").Locator("[data-alert]", new() { HasText = "Leads off" }));
        await viewer.Page.WaitForFunctionAsync("order => [...document.querySelectorAll('[data-testid=tile]')].map(tile => tile.dataset.bed).filter(bed => order.includes(bed)).join() === order.join()", new[] { "bed-4", "bed-1", "bed-5" });
        await viewer.PictureAsync("ward-dark");
        await viewer.CheckAccessAsync("ward");
        // The page is there before this one's episode begins, so it hears each of its steps, whenever it comes to them.
        hospital.StartBox("box-2", ("bed-9", "sinus:12s,af:20s,sinus:1h"));

        await viewer.Tile("bed-1").GetByRole(AriaRole.Link, new() { Name = "bed-1" }).ClickAsync();
        var list = viewer.By("alert-list");
        await Viewer.SeesAsync(viewer.By("bed-view"));
        await Viewer.SeesAsync(viewer.Page.Locator("[data-testid=leads][data-running]"));
        await viewer.PictureAsync("bed-dark");
        await viewer.CheckAccessAsync("bed");
        var entry = list.Locator("[data-alert]", new() { HasText = "Atrial fibrillation" });
        await Viewer.HasAsync(entry, "data-status", "active");

        // Acknowledged, and the box's answer is shown.
        await entry.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        var ask = viewer.By("ask");
        await ask.GetByRole(AriaRole.Textbox).FillAsync("station 3");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Viewer.HasAsync(viewer.By("answer"), "data-phase", "answered");
        await Assertions.Expect(viewer.By("answer")).ToContainTextAsync("The box did it");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Viewer.HasAsync(entry, "data-status", "acknowledged");
        await Assertions.Expect(entry).ToContainTextAsync("station 3");

        // What the network looked at.
        await entry.GetByRole(AriaRole.Link, new() { Name = "View" }).ClickAsync();
        await Viewer.SeesAsync(viewer.By("alert-view"));
        await Viewer.SeesAsync(viewer.By("sheet"));
        foreach (var lead in new[] { "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6" }) await Viewer.SeesAsync(viewer.By("sheet").Locator($"path[data-lead={lead}]").First);
        await Assertions.Expect(viewer.By("saliency").Locator("path").First).ToHaveAttributeAsync("d", new Regex("^M"));
        await Assertions.Expect(viewer.By("alert-view")).ToContainTextAsync("ecgfm-nano");
        await viewer.PictureAsync("alert-dark");
        await viewer.CheckAccessAsync("alert");

        // By day.
        await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Light" }).ClickAsync();
        await viewer.CheckAccessAsync("alert, light");
        await viewer.PictureAsync("alert-light");
        await viewer.Page.GoBackAsync();
        await Viewer.SeesAsync(viewer.By("bed-view"));
        await viewer.CheckAccessAsync("bed, light");
        await Viewer.SeesAsync(viewer.Page.Locator("[data-testid=leads][data-running]"));
        await viewer.PictureAsync("bed-light");
        await viewer.Page.GoBackAsync();
        await Viewer.SeesAsync(viewer.By("ward"));
        await viewer.CheckAccessAsync("ward, light");
        await viewer.PictureAsync("ward-light");

        // An episode ends by itself.
        await viewer.Tile("bed-9").GetByRole(AriaRole.Link, new() { Name = "bed-9" }).ClickAsync();
        await Viewer.HasAsync(list.Locator("[data-alert]", new() { HasText = "Atrial fibrillation" }), "data-status", "over");
        await Viewer.SeesAsync(viewer.Page.GetByText("No alert about the patient is active."));
        viewer.AssertClean(hospital.Hosts);
    }
}
