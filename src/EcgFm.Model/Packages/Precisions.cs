namespace EcgFm.Model.Packages;

/// <summary>The names of the precisions, and what each is allowed to cost.</summary>
public static class Precisions
{
    /// <summary>All names, in the order of <see cref="Precision"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fp32", "fp16", "int8", "int8-qdq"];

    /// <summary>The name as it stands in a manifest and on the command line.</summary>
    public static string Name(Precision precision) => Names[(int)precision];

    /// <summary>Recognises a name.</summary>
    public static bool TryParse(string? name, out Precision precision)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (!string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase)) continue;
            precision = (Precision)i;
            return true;
        }

        precision = default;
        return false;
    }

    /// <summary>How far logits may lie from the checkpoint's own to pass a verification.</summary>
    public static ErrorFigures LogitTolerance(Precision precision) => precision switch
    {
        Precision.Fp32 => new(1e-4, 1e-4),
        Precision.Fp16 => new(0.02, 0.02),
        _ => new(0.15, 0.05),
    };
}
