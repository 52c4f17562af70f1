namespace EcgFm.Model.Inference;

/// <summary>One segment and what the network gave for it.</summary>
/// <param name="Input">[leads × 2500].</param>
/// <param name="Logits">[labels].</param>
/// <param name="Embedding">[width].</param>
/// <param name="Saliency">[tokens].</param>
internal sealed record SegmentOutputs(float[] Input, float[] Logits, float[] Embedding, float[] Saliency);
