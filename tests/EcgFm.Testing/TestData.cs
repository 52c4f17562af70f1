using Xunit;

namespace EcgFm.Testing;

/// <summary>The recordings and reference vectors that are no part of the repository.</summary>
public static class TestData
{
    /// <summary>The root of this checkout.</summary>
    public static string Repository { get; } = FindUpwards(AppContext.BaseDirectory, "EcgFm.Edge.sln")
        ?? throw new InvalidOperationException("EcgFm.Edge.sln was not found above the test's folder.");

    /// <summary>The path of recordings (<c>$ECGFM_DATA</c>, else <c>../shared/data</c>); the test is skipped, visibly, when they are not there.</summary>
    public static string Data(params string[] parts) =>
        Existing(Path.Combine([Environment.GetEnvironmentVariable("ECGFM_DATA") ?? Shared("data"), .. parts]));

    /// <summary>The path of reference vectors (<c>../shared/reference</c>); the test is skipped, visibly, when they are not there.</summary>
    public static string Reference(params string[] parts) => Existing(Path.Combine([Shared("reference"), .. parts]));

    private static string Shared(string folder) => Path.Combine(Repository, "..", "shared", folder);

    private static string Existing(string path)
    {
        Skip.IfNot(Path.Exists(path), $"{path} is not there: set ECGFM_DATA, or put the recordings beside the checkout.");
        return path;
    }

    private static string? FindUpwards(string folder, string file)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, file)))
                return at.FullName;
        return null;
    }
}
