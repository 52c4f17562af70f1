using EcgFm.Chaos;
using Xunit.Abstractions;

namespace EcgFm.EndToEnd.Tests;

/// <summary>The short form of <c>dotnet run -c Release --project tests/EcgFm.Chaos -- delivery</c>.</summary>
public class DeliveryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_step_that_was_announced_arrives_in_order_whoever_dies()
    {
        var report = await DeliveryRun.RunAsync(new DeliveryOptions { Kills = 3, Seed = 7 }, output.WriteLine);
        output.WriteLine(report.ToString());
        Assert.True(report.Holds, report.ToString());
    }
}
