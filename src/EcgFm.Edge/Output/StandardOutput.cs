using System.Text;

namespace EcgFm.Edge.Output;

/// <summary>Standard output for many lines.</summary>
internal static class StandardOutput
{
    /// <param name="prompt">Whether each line must be seen at once, or many may go together.</param>
    public static StreamWriter Open(bool prompt) => new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { AutoFlush = prompt || !Console.IsOutputRedirected };
}
