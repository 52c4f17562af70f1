namespace EcgFm.Model.Quantization;

/// <summary>A weight in signed 8 bits, one scale for each output.</summary>
/// <param name="Values">The integers, in the order of the weight they stand for.</param>
/// <param name="Scales">The step of each output.</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>Rounds a weight to the nearest step.</summary>
    /// <param name="weight">The weight; the output of element i is i / <paramref name="stride"/> mod <paramref name="outputs"/>.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="stride">The distance between two outputs.</param>
    /// <param name="most">The greatest integer that is used.</param>
    public static QuantizedWeights Nearest(float[] weight, int outputs, int stride, int most)
    {
        var scales = new float[outputs];
        for (var i = 0; i < weight.Length; i++) scales[i / stride % outputs] = Math.Max(scales[i / stride % outputs], Math.Abs(weight[i]));
        for (var o = 0; o < outputs; o++) scales[o] = scales[o] > 0 ? scales[o] / most : 1;
        var values = new sbyte[weight.Length];
        for (var i = 0; i < weight.Length; i++) values[i] = (sbyte)Math.Clamp(MathF.Round(weight[i] / scales[i / stride % outputs]), -most, most);
        return new(values, scales);
    }

    /// <summary>The weight that the integers stand for.</summary>
    public float[] ToFloats(int stride)
    {
        var weight = new float[Values.Length];
        for (var i = 0; i < weight.Length; i++) weight[i] = Values[i] * Scales[i / stride % Scales.Length];
        return weight;
    }
}
