using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Packages;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Inference;

/// <summary>Opens a session on the wanted provider, or on the next in line that can be had.</summary>
internal static class Providers
{
    /// <summary>The name of the provider that every machine has.</summary>
    public const string Processor = "CPU";

    static Providers() => _ = OrtLibrary.Environment;

    public static (InferenceSession Session, string Provider) Open(string file, Precision precision, InferenceOptions options, int usualSegments, int mostSegments)
    {
        var line = Line(options.Provider, precision);
        var refusals = new List<string>();
        foreach (var provider in line)
        {
            using var session = Options(options);
            try
            {
                Append(session, provider, options, precision, usualSegments, mostSegments);
                var opened = new InferenceSession(file, session);
                // A box without a GPU is nobody's fault, unless somebody asked for one.
                if (refusals.Count > 0 && (options.Provider != ExecutionProvider.Auto || HasNvidiaGpu))
                    options.Warning?.Invoke($"The network runs on {Name(provider)}: {string.Join("; ", refusals)}.");
                return (opened, Name(provider));
            }
            catch (Exception e) when (provider != ExecutionProvider.Cpu && e is OnnxRuntimeException or EntryPointNotFoundException)
            {
                refusals.Add($"{Name(provider)} cannot be had ({e.Message.ReplaceLineEndings(" ")})");
            }
        }

        throw new InvalidOperationException("The line of providers ends with the processor.");
    }

    /// <summary>Whether the kernel shows an NVIDIA GPU: a card, or that of a Jetson.</summary>
    private static bool HasNvidiaGpu => File.Exists("/dev/nvidia0") || File.Exists("/dev/nvhost-gpu") || Directory.Exists("/dev/nvgpu");

    /// <summary>The wanted provider and those behind it. 8-bit networks in processor form gain nothing elsewhere.</summary>
    private static ExecutionProvider[] Line(ExecutionProvider wanted, Precision precision) => wanted switch
    {
        ExecutionProvider.Auto when precision == Precision.Int8 => [ExecutionProvider.Cpu],
        ExecutionProvider.Auto when precision == Precision.Int8Qdq => [ExecutionProvider.TensorRt, ExecutionProvider.Cpu],
        ExecutionProvider.Auto => [ExecutionProvider.Cuda, ExecutionProvider.Cpu],
        ExecutionProvider.TensorRt => [ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu],
        ExecutionProvider.Cuda => [ExecutionProvider.Cuda, ExecutionProvider.Cpu],
        ExecutionProvider.WebGpu => [ExecutionProvider.WebGpu, ExecutionProvider.Cpu],
        _ => [ExecutionProvider.Cpu],
    };

    internal static SessionOptions Options(InferenceOptions options)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = options.KeepMemory,
            EnableMemoryPattern = false, // one large block more, and no faster with a single batch size
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        session.AddSessionConfigEntry("session.force_spinning_stop", "1"); // never after a run
        session.AddSessionConfigEntry("optimization.disable_specified_optimizers", "SkipLayerNormFusion");
        return session;
    }

    private static void Append(SessionOptions session, ExecutionProvider provider, InferenceOptions options, Precision precision, int usualSegments, int mostSegments)
    {
        switch (provider)
        {
            case ExecutionProvider.Cuda:
                AppendCuda(session);
                break;
            case ExecutionProvider.TensorRt:
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    var (cache, notice) = EngineCache(options.CacheDirectory);
                    tensorRt.UpdateOptions(TensorRtOptions(options, cache, precision, usualSegments, mostSegments));
                    session.AppendExecutionProvider_Tensorrt(tensorRt);
                    if (notice is not null) options.Warning?.Invoke(notice);
                }

                // What TensorRT does not take.
                AppendCuda(session);
                break;
            case ExecutionProvider.WebGpu:
                session.AppendExecutionProvider("WebGPU");
                break;
        }
    }

    /// <summary>Fp32 stays fp32: TF32, the default from Ampere on, keeps ten bits, with which an fp32 network's self-test fails.</summary>
    private static void AppendCuda(SessionOptions session)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string> { ["use_tf32"] = "0" });
        session.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>https://onnxruntime.ai/docs/execution-providers/TensorRT-ExecutionProvider.html, section "Configuration Options".</summary>
    private static Dictionary<string, string> TensorRtOptions(InferenceOptions options, string? cache, Precision precision, int usualSegments, int mostSegments)
    {
        static string Shape(int segments) => $"ecg:{segments}x{StandardLeads.Count}x{NetworkArchitecture.SegmentLength}";
        // One engine for all batches: without the range TensorRT builds another one whenever a larger batch comes.
        var settings = new Dictionary<string, string>
        {
            ["trt_profile_min_shapes"] = Shape(1),
            ["trt_profile_opt_shapes"] = Shape(usualSegments),
            ["trt_profile_max_shapes"] = Shape(mostSegments),
            ["trt_fp16_enable"] = options.HalfPrecision || precision == Precision.Fp16 ? "1" : "0",
            ["trt_int8_enable"] = precision == Precision.Int8Qdq ? "1" : "0",
        };
        if (cache is null) return settings;
        foreach (var kind in new[] { "engine", "timing" })
        {
            settings[$"trt_{kind}_cache_enable"] = "1";
            settings[$"trt_{kind}_cache_path"] = cache;
        }

        return settings;
    }

    /// <summary>The folder of engines, where there is one to be had, and what is to be said when it has no engine yet.</summary>
    private static (string? Folder, string? Notice) EngineCache(string? folder)
    {
        const string Building = "TensorRT builds its engine for this GPU: that takes minutes, and no network runs until it is done.";
        if (folder is null) return (null, $"{Building} It is not kept: inference:cacheDirectory names no folder.");
        try
        {
            Directory.CreateDirectory(folder);
            return (folder, Directory.EnumerateFiles(folder, "*.engine").Any() ? null : $"{Building} It is kept in {folder}.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (null, $"{Building} It is not kept: {fault.Message}");
        }
    }

    private static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda => "CUDA",
        ExecutionProvider.TensorRt => "TensorRT",
        ExecutionProvider.WebGpu => "WebGPU",
        _ => Processor,
    };
}
