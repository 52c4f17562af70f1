using System.Diagnostics;
using System.Runtime.InteropServices;
using EcgFm.Testing;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.EndToEnd.Tests;

/// <summary>An ONNX Runtime of the user's own with the providers of an NVIDIA build, which writes down what it is asked for: own_onnxruntime.c.</summary>
/// <param name="folder">Where it is compiled, and what it writes and heeds.</param>
internal sealed class OwnLibrary(string folder)
{
    private static readonly string Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The library that comes with the program.</summary>
    public static string Shipped => ShippedFor(Architecture);

    /// <summary>The library that comes with the program on another machine.</summary>
    public static string Foreign => ShippedFor(Architecture == "x64" ? "arm64" : "x64");

    /// <summary>The file.</summary>
    public string Path => At("libonnxruntime.so");

    /// <summary>What it was asked for.</summary>
    public IReadOnlyList<string> Calls => File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];

    /// <summary>Compiles it; the test is skipped where there is no compiler.</summary>
    public OwnLibrary Compile(string version = "1.30.0")
    {
        Skip.IfNot(File.Exists("/usr/bin/gcc"), "gcc is not installed: a library of the user's own is not tested.");
        // The members of the table in their order, as the binding has them.
        var members = typeof(OrtApi).GetFields().OrderBy(field => Marshal.OffsetOf<OrtApi>(field.Name)).Select(field => $"    void *{field.Name};");
        File.WriteAllLines(At("ort_api.h"), ["struct ort_api {", .. members, "};"]);
        var source = System.IO.Path.Combine(TestData.Repository, "tests", "EcgFm.EndToEnd.Tests", "own_onnxruntime.c");
        using var gcc = Process.Start(new ProcessStartInfo(
            "/usr/bin/gcc",
            ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", $"-I{folder}", $"-DREAL=\"{Shipped}\"", $"-DFOLDER=\"{folder}\"", $"-DVERSION=\"{version}\"", source, "-o", Path])
        { RedirectStandardError = true })!;
        var errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, errors);
        return this;
    }

    /// <summary>From now on TensorRT cannot be had.</summary>
    public void RefuseTensorRt() => File.WriteAllText(At("no-tensorrt"), "");

    /// <summary>From now on a GPU that was opened runs nothing.</summary>
    public void RefuseRuns() => File.WriteAllText(At("no-gpu-run"), "");

    /// <summary>An engine takes until <see cref="EndBuilding"/>.</summary>
    public void BeginBuilding() => File.WriteAllText(At("building"), "");

    /// <summary>The engine is ready.</summary>
    public void EndBuilding() => File.Delete(At("building"));

    private static string ShippedFor(string architecture) => System.IO.Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native", "libonnxruntime.so");

    private string At(string name) => System.IO.Path.Combine(folder, name);
}
