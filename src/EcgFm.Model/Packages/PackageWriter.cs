using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Signal;

namespace EcgFm.Model.Packages;

/// <summary>Writes the manifest and the self-test beside a network that is in its folder already.</summary>
internal static class PackageWriter
{
    public const string NetworkName = "network.onnx", SelfTestName = "selftest.bin";
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes everything but the network; <see cref="ModelIdentity.Sha256"/> must be the network's.</summary>
    public static void Write(ModelPackage package)
    {
        var selfTest = Path.Combine(package.Directory, SelfTestName);
        using (var file = File.Create(selfTest))
        {
            file.Write(MemoryMarshal.AsBytes(package.SelfTest.Input.AsSpan()));
            file.Write(MemoryMarshal.AsBytes(package.SelfTest.Logits.AsSpan()));
        }

        // The manifest comes last and in one move: a folder without it is no package yet.
        var manifest = Path.Combine(package.Directory, ModelPackage.ManifestName);
        using (var file = File.Create(manifest + ".new"))
        using (var json = new Utf8JsonWriter(file, Options))
            WriteManifest(json, package, ModelPackage.Sha256(selfTest));
        File.Move(manifest + ".new", manifest, overwrite: true);
    }

    private static void WriteManifest(Utf8JsonWriter json, ModelPackage package, string selfTestSha256)
    {
        json.WriteStartObject();
        json.WriteNumber("format", package.Views == LeadViews.Whole ? 1 : ModelPackage.FormatVersion);
        json.WriteString("name", package.Identity.Name);
        json.WriteString("version", package.Identity.Version);
        json.WriteString("precision", package.Identity.Precision);
        json.WriteStartObject("network");
        json.WriteString("file", Path.GetFileName(package.NetworkFile));
        json.WriteString("sha256", package.Identity.Sha256);
        json.WriteEndObject();
        WriteInput(json, package.Filter, package.Views);
        WriteLabels(json, package);
        WriteArchitecture(json, package.Architecture);
        json.WriteStartObject("provenance");
        json.WriteString("checkpoint", package.Provenance.Checkpoint);
        json.WriteString("sha256", package.Provenance.Sha256);
        json.WriteString("converter", package.Provenance.Converter);
        json.WriteEndObject();
        json.WriteStartObject("conversion");
        json.WriteNumber("segments", package.Conversion.Segments);
        json.WriteString("source", package.Conversion.Source);
        WriteFigures(json, "logits", package.Conversion.Logits);
        WriteFigures(json, "embedding", package.Conversion.Embedding);
        WriteFigures(json, "saliency", package.Conversion.Saliency);
        json.WriteEndObject();
        json.WriteStartObject("selfTest");
        json.WriteString("file", SelfTestName);
        json.WriteString("sha256", selfTestSha256);
        json.WriteNumber("segments", package.SelfTest.Segments);
        json.WriteNumber("tolerance", package.SelfTest.Tolerance);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, InputFilter filter, LeadViews views)
    {
        json.WriteStartObject("input");
        json.WriteStartArray("leads");
        foreach (var lead in StandardLeads.Names) json.WriteStringValue(lead);
        json.WriteEndArray();
        json.WriteNumber("sampleRate", EcgWindow.SampleRate);
        json.WriteNumber("segmentLength", NetworkArchitecture.SegmentLength);
        json.WriteString("standardise", "per lead over the window");
        if (filter == InputFilter.None) json.WriteNull("filter");
        else
        {
            json.WriteStartObject("filter");
            json.WriteString("type", "butterworth-bandpass");
            json.WriteNumber("order", 4);
            json.WriteNumber("lowHz", 0.5);
            json.WriteNumber("highHz", 40);
            json.WriteBoolean("zeroPhase", true);
            json.WriteEndObject();
        }

        if (views == LeadViews.WholeAndParts) json.WriteString("views", LabelFile.WholeAndParts);
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, ModelPackage package)
    {
        json.WriteStartArray("labels");
        foreach (var label in package.Labels)
        {
            json.WriteStartObject();
            json.WriteString("name", label.Name);
            json.WriteString("aggregation", label.Aggregation == LabelAggregation.Max ? "max" : "mean");
            json.WriteNumber("threshold", label.Threshold);
            if (label.Snomed is not null) json.WriteString("snomed", label.Snomed);
            if (label.Mdc is not null) json.WriteString("mdc", label.Mdc);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteArchitecture(Utf8JsonWriter json, NetworkArchitecture architecture)
    {
        json.WriteStartObject("architecture");
        json.WriteNumber("leads", architecture.Leads);
        json.WriteStartArray("convolutions");
        foreach (var layer in architecture.Convolutions)
        {
            json.WriteStartObject();
            json.WriteNumber("channels", layer.Channels);
            json.WriteNumber("kernel", layer.Kernel);
            json.WriteNumber("stride", layer.Stride);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("width", architecture.Width);
        json.WriteNumber("layers", architecture.Layers);
        json.WriteNumber("heads", architecture.Heads);
        json.WriteNumber("feedForward", architecture.FeedForward);
        json.WriteNumber("positionalKernel", architecture.PositionalKernel);
        json.WriteNumber("positionalGroups", architecture.PositionalGroups);
        json.WriteNumber("labels", architecture.Labels);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, string name, ErrorFigures figures)
    {
        json.WriteStartObject(name);
        json.WriteNumber("max", figures.Max);
        json.WriteNumber("rms", figures.Rms);
        json.WriteEndObject();
    }
}
