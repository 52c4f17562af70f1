using System.Numerics.Tensors;

namespace EcgFm.Model.Quantization;

/// <summary>How a tensor of activations is written in 8 bits: value = (q − <paramref name="Zero"/>) · <paramref name="Scale"/>.</summary>
/// <param name="Scale">The step.</param>
/// <param name="Zero">The integer that stands for zero.</param>
/// <param name="Least">The least integer: 0, or −127 where the scale is symmetric.</param>
/// <param name="Most">The greatest integer: 255, or 127.</param>
internal readonly record struct QuantizedRange(float Scale, int Zero, int Least, int Most)
{
    /// <summary>The range that just holds the values; zero is always one of its steps.</summary>
    public static QuantizedRange Of(ReadOnlySpan<float> values, bool symmetric)
    {
        float low = Math.Min(0, TensorPrimitives.Min(values)), high = Math.Max(0, TensorPrimitives.Max(values));
        if (symmetric) return new(Positive(Math.Max(-low, high) / 127), 0, -127, 127);
        var scale = Positive((high - low) / 255);
        return new(scale, (int)MathF.Round(-low / scale), 0, 255);

        static float Positive(float scale) => scale > 0 && float.IsFinite(scale) ? scale : 1;
    }

    /// <summary>What is left of the values after they were written in 8 bits.</summary>
    public float[] Round(ReadOnlySpan<float> values)
    {
        var result = new float[values.Length];
        TensorPrimitives.Divide(values, Scale, result);
        TensorPrimitives.Round(result, result); // half to even, as QuantizeLinear
        TensorPrimitives.Min<float>(result, Most - Zero, result);
        TensorPrimitives.Max<float>(result, Least - Zero, result);
        TensorPrimitives.Multiply(result, Scale, result);
        return result;
    }
}
