using System.Globalization;

namespace EcgFm.Model.Checkpoints;

/// <summary>
/// Reads fairseq's <c>conv_feature_layers</c>, such as <c>[(256, 2, 2)] * 4</c> or <c>[(512, 10, 5)] + [(512, 3, 2)] * 4</c>.
/// Python evaluates that text; this parser knows sums of lists of triples, each with an optional factor, and nothing else.
/// </summary>
internal static class ConvLayerParser
{
    /// <summary>More layers than any network of this family has.</summary>
    public const int MaxLayers = 32;

    /// <exception cref="FormatException">The text has another form.</exception>
    public static ConvLayer[] Parse(string text)
    {
        if (text.Length > 1024) throw new FormatException("longer than 1024 characters");
        var at = 0;
        var layers = new List<ConvLayer>();
        do
        {
            var list = List(text, ref at);
            var times = Accept(text, ref at, '*') ? Number(text, ref at) : 1;
            if (times * (long)list.Count + layers.Count > MaxLayers) throw new FormatException($"more than {MaxLayers} layers");
            for (var i = 0; i < times; i++) layers.AddRange(list);
        }
        while (Accept(text, ref at, '+'));
        if (at != text.Length) throw new FormatException($"unexpected '{text[at]}' at {at}");
        if (layers.Count == 0) throw new FormatException("no layer");
        return [.. layers];
    }

    private static List<ConvLayer> List(string text, ref int at)
    {
        var list = new List<ConvLayer>();
        Expect(text, ref at, '[');
        while (!Accept(text, ref at, ']'))
        {
            Expect(text, ref at, '(');
            var channels = Number(text, ref at);
            Expect(text, ref at, ',');
            var kernel = Number(text, ref at);
            Expect(text, ref at, ',');
            var stride = Number(text, ref at);
            Expect(text, ref at, ')');
            list.Add(new(channels, kernel, stride));
            if (Accept(text, ref at, ',')) continue;
            Expect(text, ref at, ']');
            break;
        }

        return list;
    }

    private static int Number(string text, ref int at)
    {
        Blank(text, ref at);
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65536)
            return number;
        throw new FormatException($"expected a number from 1 to 65536 at {start}");
    }

    private static void Expect(string text, ref int at, char symbol)
    {
        if (!Accept(text, ref at, symbol)) throw new FormatException($"expected '{symbol}' at {at}");
    }

    private static bool Accept(string text, ref int at, char symbol)
    {
        Blank(text, ref at);
        if (at >= text.Length || text[at] != symbol) return false;
        at++;
        Blank(text, ref at);
        return true;
    }

    private static void Blank(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
    }
}
