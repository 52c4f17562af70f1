using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Microsoft.ML.OnnxRuntime.Tests;

// One class, so that its tests run one after the other: some set the environment variable that all of them obey.
public sealed class OnnxRuntimeTests
{
    private const string Variable = "ORT_LIBRARY";

    private static string Bundled(string rid) =>
        Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native", "libonnxruntime.so");

    private static string Rid => $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    [Fact]
    public void The_library_is_of_the_pinned_version() =>
        Assert.StartsWith("1.30.", OrtEnv.Instance().GetVersionString());

    [Fact]
    public void The_cpu_provider_is_there() =>
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());

    [Theory]
    [InlineData("linux-x64", 62)]
    [InlineData("linux-arm64", 183)]
    public void The_output_has_the_library_of_each_architecture(string rid, ushort machine)
    {
        using FileStream file = File.OpenRead(Bundled(rid));
        byte[] header = new byte[20];
        file.ReadExactly(header);
        Assert.Equal("\u007fELF"u8.ToArray(), header[..4]);
        Assert.Equal(machine, BitConverter.ToUInt16(header, 18));
    }

    [Fact]
    public void The_bundled_library_is_the_one_in_use()
    {
        _ = OrtEnv.Instance();
        Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.EndsWith(Bundled(Rid), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_model_from_memory_gives_the_right_numbers(int batch)
    {
        float[] x = [.. Enumerable.Range(0, 3 * batch).Select(i => (float)i)];
        using InferenceSession session = new(TinyOnnx.Add(0.5f, -1f, 100f));
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [batch, 3]);
        using RunOptions options = new();

        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["x"], [input], ["y"]);

        Assert.Equal([batch, 3], outputs[0].GetTensorTypeAndShape().Shape);
        float[] expected = [.. x.Select((value, i) => value + (i % 3) switch { 0 => 0.5f, 1 => -1f, _ => 100f })];
        Assert.Equal(expected, outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void A_damaged_model_is_an_exception() =>
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(TinyOnnx.Add(1f)[..40]));

    [Fact]
    public void A_user_can_name_a_library_of_their_own()
    {
        string own = Path.GetTempFileName();
        try
        {
            File.Copy(Bundled(Rid), own, overwrite: true);
            Assert.StartsWith("1.30.", VersionWith(own));
            Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.EndsWith(own, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(own);
        }
    }

    [Theory]
    [InlineData("/nonexistent/libonnxruntime.so", "cannot be loaded")]
    [InlineData("libc.so.6", "cannot be loaded")]
    public void A_wrong_name_is_told_and_nothing_else_is_loaded(string path, string reason)
    {
        DllNotFoundException told = Refusal(path);
        Assert.Contains(Variable, told.Message);
        Assert.Contains(path, told.Message);
        Assert.Contains(reason, told.Message);
    }

    [Fact]
    public void A_library_that_is_not_onnx_runtime_is_told()
    {
        string other = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => path.Contains("/libc.so"));
        Assert.Contains("is not ONNX Runtime", Refusal(other).Message);
    }

    private static DllNotFoundException Refusal(string library)
    {
        Exception? error = Record.Exception(() => VersionWith(library));
        while (error is not (null or DllNotFoundException))
            error = error.InnerException;
        return Assert.IsType<DllNotFoundException>(error);
    }

    /// <summary>Loads the binding a second time, apart from the one the other tests use, and asks for the version.</summary>
    private static string VersionWith(string library)
    {
        _ = OrtEnv.Instance();
        Environment.SetEnvironmentVariable(Variable, library);
        try
        {
            AssemblyLoadContext context = new("own library");
            Type env = context.LoadFromAssemblyPath(typeof(OrtEnv).Assembly.Location).GetType(typeof(OrtEnv).FullName!)!;
            object instance = env.GetMethod(nameof(OrtEnv.Instance))!.Invoke(null, null)!;
            return (string)env.GetMethod(nameof(OrtEnv.GetVersionString))!.Invoke(instance, null)!;
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
