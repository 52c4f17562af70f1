using System.Runtime.InteropServices;
using EcgFm.Edge.Configuration;
using EcgFm.Model;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Doctor;

/// <summary>The native libraries.</summary>
/// <param name="configuration">Names an ONNX Runtime of the user's own, perhaps.</param>
/// <param name="libraries">Libraries of the system that must be there, each with the package that brings it.</param>
internal sealed class LibrariesCheck(EdgeConfiguration? configuration, params (string Library, string Package)[] libraries) : Check("libraries")
{
    protected override IEnumerable<Finding> Look()
    {
        foreach (var (library, package) in libraries)
        {
            if (NativeLibrary.TryLoad(library, out var handle))
            {
                NativeLibrary.Free(handle);
                yield return Ok($"{library} is there");
            }
            else yield return Problem($"{library} cannot be loaded", $"sudo apt install {package}");
        }

        yield return Runtime();
    }

    private Finding Runtime()
    {
        try
        {
            if (configuration?.InferenceLibrary is { } own) OrtLibrary.Use(own);
            return Ok($"ONNX Runtime {OrtLibrary.Version}{(OrtLibrary.Chosen is { } chosen ? $" of {chosen}" : ", which comes with the program")}, built for {string.Join(", ", OrtLibrary.BuiltWith.Select(name => name.Replace("ExecutionProvider", "", StringComparison.Ordinal)))}");
        }
        catch (ModelFileException fault)
        {
            return Warning($"{fault.Message} The one that comes with the program is used instead.", "take inference:library out of the configuration, or name another file");
        }
        catch (Exception fault) when (fault is TypeInitializationException or DllNotFoundException)
        {
            return Problem($"ONNX Runtime cannot be loaded: {fault.GetBaseException().Message}", "sudo apt install --reinstall ecgfm-edge");
        }
    }
}
