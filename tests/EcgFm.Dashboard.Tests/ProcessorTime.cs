using Microsoft.Playwright;

namespace EcgFm.Dashboard.Tests;

/// <summary>Processor time of the browser's processes, in seconds.</summary>
/// <param name="Page">Of the page itself: script, layout, painting.</param>
/// <param name="All">Of all, with what puts the picture together; where there is no graphics processor the processor does that too.</param>
public readonly record struct ProcessorTime(double Page, double All)
{
    /// <summary>Since the browser began, by its own account.</summary>
    public static async Task<ProcessorTime> ReadAsync(IBrowser browser)
    {
        var session = await browser.NewBrowserCDPSessionAsync();
        try
        {
            var processes = (await session.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo").EnumerateArray()
                .Select(process => (Type: process.GetProperty("type").GetString(), Seconds: process.GetProperty("cpuTime").GetDouble()))
                .ToList();
            return new(processes.Where(process => process.Type == "renderer").Sum(process => process.Seconds), processes.Sum(process => process.Seconds));
        }
        finally
        {
            await session.DetachAsync();
        }
    }

    public static ProcessorTime operator -(ProcessorTime later, ProcessorTime earlier) => new(later.Page - earlier.Page, later.All - earlier.All);
}
