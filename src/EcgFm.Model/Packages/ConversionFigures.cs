namespace EcgFm.Model.Packages;

/// <summary>What a conversion cost in accuracy: this network against the fp32 graph of the same checkpoint.</summary>
/// <param name="Segments">How many segments were compared.</param>
/// <param name="Source">Where those segments and those for calibration came from.</param>
/// <param name="Logits">Logits.</param>
/// <param name="Embedding">Embedding.</param>
/// <param name="Saliency">Saliency.</param>
public sealed record ConversionFigures(int Segments, string Source, ErrorFigures Logits, ErrorFigures Embedding, ErrorFigures Saliency);
