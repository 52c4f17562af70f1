using System.Runtime.InteropServices;
using System.Text.Json;
using EcgFm.Testing;

namespace EcgFm.Model.Tests;

/// <summary>The vectors that the authors' implementation gave for the small network.</summary>
internal static class ReferenceNetwork
{
    public const int Segments = 4, Leads = 12, Samples = 2500;

    public static string Checkpoint => TestData.Reference("ecgfm_small.pt");

    public static string OldSpelling => TestData.Reference("ecgfm_small_oldkeys.pt");

    public static string Folder => TestData.Reference();

    public static float[] Floats(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestData.Reference($"small.{name}.bin"))).ToArray();

    public static int[] Shape(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestData.Reference("small.json")));
        return json.RootElement.GetProperty("tensors").EnumerateArray().Single(t => t.GetProperty("name").GetString() == name)
            .GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
    }

    /// <summary>[batch, a, b] → [batch, b, a].</summary>
    public static float[] Transposed(float[] values, int batch, int a, int b)
    {
        var result = new float[values.Length];
        for (var n = 0; n < batch; n++)
            for (var i = 0; i < a; i++)
                for (var j = 0; j < b; j++)
                    result[(n * b + j) * a + i] = values[(n * a + i) * b + j];
        return result;
    }
}
