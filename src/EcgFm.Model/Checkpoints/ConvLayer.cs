namespace EcgFm.Model.Checkpoints;

/// <summary>One convolution of the feature extractor.</summary>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Input samples per output sample.</param>
public readonly record struct ConvLayer(int Channels, int Kernel, int Stride);
