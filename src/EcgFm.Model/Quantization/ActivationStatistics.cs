namespace EcgFm.Model.Quantization;

/// <summary>What calibration saw of one tensor of activations.</summary>
/// <param name="channels">Channels: the last axis.</param>
internal sealed class ActivationStatistics(int channels)
{
    private readonly double[] _sum = new double[channels];
    private int _batches;

    /// <summary>The least value.</summary>
    public float Least { get; private set; } = float.PositiveInfinity;

    /// <summary>The greatest value.</summary>
    public float Most { get; private set; } = float.NegativeInfinity;

    /// <summary>The mean of each channel over tokens and segments.</summary>
    public float[] Mean => Array.ConvertAll(_sum, s => (float)(s / _batches));

    public void Add(ReadOnlySpan<float> mean, float least, float most)
    {
        for (var i = 0; i < _sum.Length; i++) _sum[i] += mean[i];
        _batches++;
        Least = Math.Min(Least, least);
        Most = Math.Max(Most, most);
    }
}
