using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>
/// Says which native library the binding loads. First the file that the environment variable <c>ORT_LIBRARY</c> names
/// (a Jetson has a GPU build of its own: no package carries one), then <c>runtimes/linux-{x64,arm64}/native/libonnxruntime.so</c>
/// beside this assembly, then whatever the binding itself would find. Provider libraries (CUDA, TensorRT) are looked for
/// by the native library in its own folder.
/// </summary>
/// <remarks>
/// The runtime registers it before a program can do anything with this assembly, so <see cref="NativeLibrary.SetDllImportResolver"/> comes too late where it works with
/// the official package. The variable is read when the first function is called: a program may set it for itself until then.
/// </remarks>
internal static class NativeLibraryResolver
{
    private const string Variable = "ORT_LIBRARY";

    // The binding copies a table of functions that ends with those of this version; it would read past the end of an
    // older library's table and call into nowhere.
    private static readonly Version Oldest = new(1, 25);

#pragma warning disable CA2255 // The one place where code must run before the binding's first native call.
    [ModuleInitializer]
    internal static void Register()
#pragma warning restore CA2255
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The program has set its own before: it knows better.
        }
    }

    private static IntPtr Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != "onnxruntime" || !OperatingSystem.IsLinux())
            return IntPtr.Zero;

        string chosen = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(chosen))
            return LoadChosen(chosen);

        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string bundled = Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native", "libonnxruntime.so");
        if (!File.Exists(bundled))
            bundled = Path.Combine(Path.GetDirectoryName(assembly.Location) ?? "", "runtimes", $"linux-{architecture}", "native", "libonnxruntime.so");
        return File.Exists(bundled) ? NativeLibrary.Load(bundled) : IntPtr.Zero;
    }

    private static IntPtr LoadChosen(string path)
    {
        IntPtr handle;
        try
        {
            handle = NativeLibrary.Load(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException($"{Variable} names {path}, which cannot be loaded: {e.Message}", e);
        }

        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out IntPtr entry))
            throw new DllNotFoundException($"{Variable} names {path}, which is not ONNX Runtime (it has no OrtGetApiBase).");

        string version = ReadVersion(entry);
        if (Version.TryParse(version, out Version parsed) && parsed < Oldest)
            throw new DllNotFoundException($"{Variable} names {path}, which is ONNX Runtime {version}; {Oldest} or later is needed.");
        return handle;
    }

    private static unsafe string ReadVersion(IntPtr getApiBase)
    {
        OrtApiBase* table = ((delegate* unmanaged<OrtApiBase*>)getApiBase)();
        return Marshal.PtrToStringUTF8((IntPtr)((delegate* unmanaged<byte*>)table->GetVersionString)());
    }
}
