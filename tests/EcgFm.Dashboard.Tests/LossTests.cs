using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>Silence never looks like health: what is lost is said, and what comes back is taken up again.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LossTests(Chromium chromium)
{
    private const int Kill = 9, Stop = 19, Continue = 18;

    [SkippableFact]
    public async Task A_box_that_dies_is_offline_one_that_falls_silent_is_stale_and_a_broker_that_goes_is_a_banner()
    {
        _ = chromium.Browser;
        await using var hospital = await Hospital.OpenAsync(("bed-1", "sinus:10m"));
        var dying = hospital.StartBox("box-2", ("bed-2", "sinus:10m"));
        var frozen = hospital.StartBox("box-3", ("bed-3", "sinus:10m"));
        await using var viewer = await Viewer.OpenAsync(chromium, hospital.Page);
        foreach (var bed in new[] { "bed-1", "bed-2", "bed-3" }) await Viewer.HasAsync(viewer.Tile(bed), "data-status", "live");

        // The broker's last will, at once.
        dying.Signal(Kill);
        await Viewer.HasAsync(viewer.Tile("bed-2"), "data-status", "offline");
        await Assertions.Expect(viewer.Tile("bed-2").Locator(".digits")).ToHaveTextAsync("––");
        // No word of anybody: the page's own clock; and ten seconds later, which a slow machine sees first, the broker's last will again.
        frozen.Signal(Stop);
        await Assertions.Expect(viewer.Tile("bed-3")).ToHaveAttributeAsync("data-status", new Regex("^(stale|offline)$"));
        await Assertions.Expect(viewer.By("banner")).ToContainTextAsync("send nothing");
        await viewer.PictureAsync("ward-lost-beds");
        frozen.Signal(Continue);
        await Viewer.HasAsync(viewer.Tile("bed-3"), "data-status", "live");
        await Viewer.HasAsync(viewer.Tile("bed-1"), "data-status", "live");

        await hospital.Broker.StopAsync();
        await Viewer.HasAsync(viewer.By("banner"), "data-state", "lost");
        await Assertions.Expect(viewer.Tile("bed-1")).Not.ToHaveAttributeAsync("data-status", "live");
        await viewer.PictureAsync("ward-lost-broker");
        await hospital.Broker.StartAgainAsync();
        await Viewer.HasAsync(viewer.Tile("bed-1"), "data-status", "live");
        await Assertions.Expect(viewer.By("banner")).Not.ToHaveAttributeAsync("data-state", "lost");

        // A broker that stopped refuses connections, and Chromium says so on the console whatever the page does.
        viewer.AssertClean(hospital.Hosts, $"ws://127.0.0.1:{hospital.Broker.WebSocketPort}");
    }
}
