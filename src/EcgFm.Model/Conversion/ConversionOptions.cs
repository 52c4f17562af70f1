using EcgFm.Core;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Conversion;

/// <summary>What to make of a checkpoint.</summary>
public sealed record ConversionOptions
{
    /// <summary>The precisions, each a package of its own: in the output folder itself when there is one, in folders named after the precision when there are several.</summary>
    public IReadOnlyList<Precision> Precisions { get; init; } = [Precision.Fp32];

    /// <summary>The labels of the head and its filter; null: ECG-FM's own seventeen, without a filter.</summary>
    public LabelFile? Labels { get; init; }

    /// <summary>The name of the package; null: the file name of the checkpoint.</summary>
    public string? Name { get; init; }

    /// <summary>The version of the package.</summary>
    public string Version { get; init; } = "1";

    /// <summary>Windows for calibration and for the comparison at the end, used in turn; empty: built-in synthetic segments.</summary>
    public IReadOnlyList<EcgWindow> Calibration { get; init; } = [];

    /// <summary>Where <see cref="Calibration"/> came from, for the manifest.</summary>
    public string CalibrationSource { get; init; } = "synthetic segments";

    /// <summary>Threads; zero: one per core.</summary>
    public int Threads { get; init; }
}
