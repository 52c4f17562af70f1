using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EcgFm.Edge.Tests;

/// <summary>Copies of the bundled package that differ from it in what a test wants.</summary>
internal static class PackageCopy
{
    /// <summary>A copy under another version.</summary>
    public static string Make(string folder, string version)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(BundledModel.Path)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        Change(folder, manifest => manifest["version"] = version);
        return folder;
    }

    /// <summary>A copy whose network gives other numbers than its self-test says, as on a processor that computes wrongly.</summary>
    public static string MakeWrong(string folder)
    {
        Make(folder, "wrong");
        var file = Path.Combine(folder, "selftest.bin");
        var bytes = File.ReadAllBytes(file);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - sizeof(float)), 99f);
        File.WriteAllBytes(file, bytes);
        Change(folder, manifest => manifest["selfTest"]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return folder;
    }

    /// <summary>Writes another manifest.</summary>
    public static void Change(string folder, Action<JsonNode> change)
    {
        var file = Path.Combine(folder, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        change(manifest);
        File.WriteAllText(file, manifest.ToJsonString());
    }
}
