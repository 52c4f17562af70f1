using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Signal;

namespace EcgFm.Model.Packages;

/// <summary>
/// A model package: a folder with <c>manifest.json</c>, the network as ONNX and the data of a self-test. The manifest says what the network wants and gives,
/// where it came from, what its conversion cost, and the SHA-256 of each file.
/// </summary>
public sealed record ModelPackage
{
    /// <summary>The name of the manifest within the folder.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>The newest format of the manifest that this version reads. The second has views; a package without them is written in the first, which older versions read too.</summary>
    public const int FormatVersion = 2;

    /// <summary>The folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Which network it is.</summary>
    public required ModelIdentity Identity { get; init; }

    /// <summary>The arithmetic of the network.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The sizes of the network.</summary>
    public required NetworkArchitecture Architecture { get; init; }

    /// <summary>The path of the ONNX file.</summary>
    public required string NetworkFile { get; init; }

    /// <summary>The labels in the order of the logits.</summary>
    public required ImmutableArray<Label> Labels { get; init; }

    /// <summary>What the network wants done before standardising.</summary>
    public InputFilter Filter { get; init; }

    /// <summary>How a window is shown to the network.</summary>
    public LeadViews Views { get; init; }

    /// <summary>The name and SHA-256 of the checkpoint that it was made of, and what made it.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>What the conversion cost in accuracy.</summary>
    public required ConversionFigures Conversion { get; init; }

    /// <summary>The self-test.</summary>
    public required SelfTest SelfTest { get; init; }

    /// <summary>Reads a package and checks every file against its SHA-256.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="ModelFileException">A file is missing or changed, or a key of the manifest is missing or wrong; the message names file and key.</exception>
    public static ModelPackage Load(string directory)
    {
        var package = Open(directory, out var checkNetwork);
        checkNetwork();
        return package;
    }

    /// <summary>Reads a package and checks everything but the network, which is large: the caller does that beside its own work, and before the network is used.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="checkNetwork">Throws when the network is not the one that the manifest names.</param>
    internal static ModelPackage Open(string directory, out Action checkNetwork)
    {
        if (!System.IO.Directory.Exists(directory)) throw new ModelFileException(directory, "", "there is no such folder; expected a model package.");
        var manifest = Path.Combine(directory, ManifestName);
        var json = JsonReader.Open(manifest);
        var format = json["format"].Integer(1, int.MaxValue);
        if (format > FormatVersion)
            throw new ModelFileException(manifest, "format", $"the package has format {format}; this version reads up to {FormatVersion}. A newer EcgFm.Edge is needed.");

        var precision = json["precision"].OneOf([.. Enum.GetValues<Precision>().Select(p => (Precisions.Name(p), p))]);
        var architecture = ReadArchitecture(json["architecture"]);
        var labels = LabelFile.ReadLabels(json["labels"]);
        if (labels.Length != architecture.Labels)
            throw json["architecture"]["labels"].Wrong($"{labels.Length}, the number of entries in labels");
        var network = FindFile(directory, json["network"], out var sha256);
        checkNetwork = () => Check(network, sha256);
        return new()
        {
            Directory = directory,
            Identity = new(json["name"].Text(), json["version"].Text(), Precisions.Name(precision), sha256),
            Precision = precision,
            Architecture = architecture,
            NetworkFile = network,
            Labels = labels,
            Filter = ReadInput(json["input"]),
            Views = LabelFile.ReadViews(json["input"]),
            Provenance = ReadProvenance(json["provenance"]),
            Conversion = ReadConversion(json["conversion"]),
            SelfTest = ReadSelfTest(directory, json["selfTest"], architecture),
        };
    }

    /// <summary>The lower-case hexadecimal SHA-256 of a file.</summary>
    internal static string Sha256(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string FindFile(string directory, JsonReader json, out string sha256)
    {
        var name = json["file"].Text();
        if (name != Path.GetFileName(name) || name is "." or "..") throw json["file"].Wrong("the name of a file in the package's own folder");
        var path = Path.Combine(directory, name);
        if (!File.Exists(path)) throw new ModelFileException(path, "", $"the file is missing; {ManifestName} names it.");
        sha256 = json["sha256"].Text().ToLowerInvariant();
        return path;
    }

    private static void Check(string path, string expected)
    {
        var found = Sha256(path);
        if (found != expected) throw new ModelFileException(path, "sha256", $"the file was changed or damaged: its SHA-256 is {found}; expected {expected}.");
    }

    private static NetworkArchitecture ReadArchitecture(JsonReader json) => new()
    {
        Leads = json["leads"].Integer(1, 64),
        Convolutions = [.. json["convolutions"].Items.Select(c => new ConvLayer(c["channels"].Integer(1, 65536), c["kernel"].Integer(1, 2500), c["stride"].Integer(1, 2500)))],
        Width = json["width"].Integer(1, 65536),
        Layers = json["layers"].Integer(1, 256),
        Heads = json["heads"].Integer(1, 65536),
        FeedForward = json["feedForward"].Integer(1, 65536),
        PositionalKernel = json["positionalKernel"].Integer(1, 65536),
        PositionalGroups = json["positionalGroups"].Integer(1, 65536),
        Labels = json["labels"].Integer(1, 4096),
    };

    /// <summary>The contract of the input. Everything but the filter and the views is fixed in this format; it stands there so that other programs can use the package.</summary>
    private static InputFilter ReadInput(JsonReader json)
    {
        if (!json["leads"].Items.Select(l => l.Text()).SequenceEqual(StandardLeads.Names)) throw json["leads"].Wrong(string.Join(' ', StandardLeads.Names));
        _ = json["sampleRate"].Integer(EcgWindow.SampleRate, EcgWindow.SampleRate);
        _ = json["segmentLength"].Integer(NetworkArchitecture.SegmentLength, NetworkArchitecture.SegmentLength);
        _ = json["standardise"].OneOf(("per lead over the window", 0));
        return json.TryGet("filter") is { } filter ? LabelFile.ReadFilter(filter) : InputFilter.None;
    }

    private static Provenance ReadProvenance(JsonReader json) => new(json["checkpoint"].Text(), json["sha256"].Text(), json["converter"].Text());

    private static ConversionFigures ReadConversion(JsonReader json)
    {
        return new(json["segments"].Integer(1, int.MaxValue), json["source"].Text(), Figures(json["logits"]), Figures(json["embedding"]), Figures(json["saliency"]));

        static ErrorFigures Figures(JsonReader figures) => new(figures["max"].Number(0, double.MaxValue), figures["rms"].Number(0, double.MaxValue));
    }

    private static SelfTest ReadSelfTest(string directory, JsonReader json, NetworkArchitecture architecture)
    {
        var path = FindFile(directory, json, out var sha256);
        Check(path, sha256);
        var segments = json["segments"].Integer(1, 64);
        int inputs = segments * architecture.Leads * NetworkArchitecture.SegmentLength, logits = segments * architecture.Labels;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != (inputs + logits) * sizeof(float))
            throw new ModelFileException(path, "", $"the file has {bytes.Length} bytes; expected {(inputs + logits) * sizeof(float)} for {segments} segments.");
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        return new(segments, values[..inputs].ToArray(), values[inputs..].ToArray(), json["tolerance"].Number(0, 100));
    }
}
