using EcgFm.Model.Packages;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Inference;

/// <summary>Opens a session on the wanted provider, or on the next in line that can be had.</summary>
internal static class Providers
{
    /// <summary>ONNX Runtime writes to standard error by itself unless it is told not to before its first use; its errors come as exceptions all the same.</summary>
    static Providers()
    {
        if (OrtEnv.IsCreated) return;
        var options = new EnvironmentCreationOptions { logId = "ecgfm", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        _ = OrtEnv.CreateInstanceWithOptions(ref options);
    }

    public static (InferenceSession Session, string Provider) Open(string file, Precision precision, InferenceOptions options)
    {
        var line = Line(options.Provider, precision);
        var refusals = new List<string>();
        foreach (var provider in line)
        {
            using var session = Options(options);
            try
            {
                Append(session, provider);
                var opened = new InferenceSession(file, session);
                if (refusals.Count > 0 && options.Provider != ExecutionProvider.Auto)
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

    private static void Append(SessionOptions session, ExecutionProvider provider)
    {
        switch (provider)
        {
            case ExecutionProvider.Cuda:
                session.AppendExecutionProvider_CUDA();
                break;
            case ExecutionProvider.TensorRt:
                session.AppendExecutionProvider_Tensorrt();
                session.AppendExecutionProvider_CUDA();
                break;
            case ExecutionProvider.WebGpu:
                session.AppendExecutionProvider("WebGPU");
                break;
        }
    }

    private static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda => "CUDA",
        ExecutionProvider.TensorRt => "TensorRT",
        ExecutionProvider.WebGpu => "WebGPU",
        _ => "CPU",
    };
}
