using System.Collections.Immutable;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>The annotation codes of WFDB's <c>ecgcodes.h</c>, and their symbols as its programs print them.</summary>
public static class AnnotationCode
{
    /// <summary>Normal beat.</summary>
    public const byte Normal = 1;

    /// <summary>Premature ventricular contraction.</summary>
    public const byte VentricularPremature = 5;

    /// <summary>Fusion of a ventricular and a normal beat.</summary>
    public const byte Fusion = 6;

    /// <summary>Change of signal quality.</summary>
    public const byte Noise = 14;

    /// <summary>Comment, its text in the annotation's aux string.</summary>
    public const byte Note = 22;

    /// <summary>Change of rhythm, the new one in the annotation's aux string.</summary>
    public const byte Rhythm = 28;

    /// <summary>The largest code of an annotation.</summary>
    public const byte Max = 49;

    private static readonly ImmutableArray<string> Symbols =
    [
        " ", "N", "L", "R", "a", "V", "F", "J", "A", "S", "E", "j", "/", "Q", "~", "[15]", "|", "[17]", "s", "T", "*", "D", "\"", "=", "p",
        "B", "^", "t", "+", "u", "?", "!", "[", "]", "e", "n", "@", "x", "f", "(", ")", "r",
    ];

    /// <summary>The symbol of a code; codes without one give their number in brackets.</summary>
    public static string Symbol(byte code) => code < Symbols.Length ? Symbols[code] : $"[{code}]";

    /// <summary>The code of a symbol; null when there is none.</summary>
    public static byte? FromSymbol(string symbol) => Symbols.IndexOf(symbol) is var code and > 0 ? (byte)code : null;

    /// <summary>Whether the code marks a beat, as <c>isqrs</c> of WFDB's <c>ecgmap.h</c>.</summary>
    public static bool IsBeat(byte code) => code is >= 1 and <= 13 or 25 or 30 or 31 or 34 or 35 or 38 or 41;
}
