using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Inference;

/// <summary>
/// The native library of ONNX Runtime that this process uses: the one that comes with the program, or one of the user's own, such as NVIDIA's build for a Jetson.
/// </summary>
public static partial class OrtLibrary
{
    // The managed binding copies a table of functions that ends with those of this version; it would read past the end of an older library's.
    private static readonly Version Oldest = new(1, 25);

    private static string? _chosen;

    // From 1.30 on the library for Linux reports to Microsoft, with an identifier that it keeps in the user's home. A box at a bedside reports to its broker and to nobody
    // else. The library asks the C library for the variable, whose environment is not that of .NET.
    static OrtLibrary() => _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr GetApiBase();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr GetVersion();

    /// <summary>The file that was chosen by <see cref="Use"/>; null for the library that comes with the program.</summary>
    public static string? Chosen => Volatile.Read(ref _chosen);

    /// <summary>The version of the library in use, such as "1.30.0".</summary>
    public static string Version => Environment.GetVersionString();

    /// <summary>The providers that the library was built with; whether this device can run them is another question.</summary>
    public static IReadOnlyList<string> BuiltWith => Environment.GetAvailableProviders();

    /// <summary>The one environment of this process. ONNX Runtime would write to standard error by itself; its errors come as exceptions all the same.</summary>
    internal static OrtEnv Environment
    {
        get
        {
            if (OrtEnv.IsCreated) return OrtEnv.Instance();
            var options = new EnvironmentCreationOptions { logId = "ecgfm", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            var environment = OrtEnv.CreateInstanceWithOptions(ref options);
            environment.DisableTelemetryEvents();
            return environment;
        }
    }

    /// <summary>Chooses a library. A process has one: this must come before the first network is loaded, and a second choice must be the first one again.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file is no library of ONNX Runtime that can be used here; the message says why.</exception>
    public static void Use(string path)
    {
        path = Path.GetFullPath(path);
        if (Interlocked.CompareExchange(ref _chosen, path, null) is { } before)
        {
            if (before != path) throw new ModelFileException(path, "", $"this process uses {before} already; a process has one ONNX Runtime.");
            return;
        }

        try
        {
            if (OrtEnv.IsCreated) throw new ModelFileException(path, "", "this process uses the library that comes with the program already; a process has one ONNX Runtime.");
            Resolve(path, Open(path));
        }
        catch
        {
            Volatile.Write(ref _chosen, null);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    private static void Resolve(string path, IntPtr library)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, _, _) => name.Contains("onnxruntime", StringComparison.Ordinal) ? library : IntPtr.Zero);
        }
        catch (InvalidOperationException)
        {
            // The stand-in for the official package (src/Compat) has a resolver already, which obeys this variable when the first function is called.
            System.Environment.SetEnvironmentVariable("ORT_LIBRARY", path);
        }
    }

    private static IntPtr Open(string path)
    {
        IntPtr library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ModelFileException(path, "", IsForAnotherProcessor(path)
                ? $"the library is built for another processor; this one is {RuntimeInformation.ProcessArchitecture}."
                : $"the library cannot be loaded ({e.Message.ReplaceLineEndings(" ")})", e);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
            throw new ModelFileException(path, "", "this is not ONNX Runtime: it has no OrtGetApiBase.");
        // struct OrtApiBase { const OrtApi *(*GetApi)(uint32_t); const char *(*GetVersionString)(void); }
        var table = Marshal.GetDelegateForFunctionPointer<GetApiBase>(entry)();
        var text = Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<GetVersion>(Marshal.ReadIntPtr(table, IntPtr.Size))());
        if (!System.Version.TryParse(text, out var version) || version < Oldest)
            throw new ModelFileException(path, "", $"this is ONNX Runtime {text}; {Oldest} or later is needed.");
        return library;
    }

    /// <summary>Whether it is a library whose machine is not this program's. The loader would say that there is no such file.</summary>
    private static bool IsForAnotherProcessor(string path)
    {
        // e_ident (with the class, 32 or 64 bit, in its fifth byte), e_type, e_machine.
        static byte[] Head(string file)
        {
            using var stream = File.OpenRead(file);
            var head = new byte[20];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }

        if (!File.Exists(path)) return false;
        var (library, own) = (Head(path), Head("/proc/self/exe"));
        return library.Length == own.Length && library.AsSpan(0, 4).SequenceEqual(own.AsSpan(0, 4)) && (library[4] != own[4] || !library.AsSpan(18).SequenceEqual(own.AsSpan(18)));
    }
}
