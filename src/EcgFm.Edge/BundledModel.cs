namespace EcgFm.Edge;

/// <summary>The model package that comes with the program.</summary>
internal static class BundledModel
{
    /// <summary>Its folder, beside the program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "ecgfm-nano");
}
