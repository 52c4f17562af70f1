using System.Text;

namespace EcgFm.Edge.Output;

/// <summary>Standard output for many lines: buffered when it is a file or a pipe, line by line on a terminal.</summary>
internal static class StandardOutput
{
    public static StreamWriter Open() => new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { AutoFlush = !Console.IsOutputRedirected };
}
