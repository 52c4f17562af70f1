using System.Diagnostics;
using EcgFm.Testing;

namespace EcgFm.Dashboard.Tests;

/// <summary>The page's own tests, so that one command runs all.</summary>
public sealed class VitestTests
{
    [SkippableFact]
    public async Task The_tests_of_the_pages_logic_pass()
    {
        var folder = Path.Combine(TestData.Repository, "src", "EcgFm.Dashboard");
        Skip.IfNot(Directory.Exists(Path.Combine(folder, "node_modules")), "The page was not built: BuildDashboard is false.");
        using var vitest = Process.Start(new ProcessStartInfo("npm", ["test", "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CI"] = "1", ["NO_COLOR"] = "1" },
        })!;
        var said = await Task.WhenAll(vitest.StandardOutput.ReadToEndAsync(), vitest.StandardError.ReadToEndAsync());
        await vitest.WaitForExitAsync();
        Assert.True(vitest.ExitCode == 0, string.Join('\n', said));
        Assert.Matches(@"Tests\s+\d+ passed", said[0]);
    }
}
