namespace EcgFm.Model.Checkpoints;

/// <summary>One of the values at the top of a checkpoint.</summary>
/// <param name="Name">Its key, such as "last_optimizer_state".</param>
/// <param name="Kind">What it is: "None", "dict", "list", a number, a text, or the name of an opaque class.</param>
/// <param name="Tensors">Tensors within it, at any depth.</param>
/// <param name="Bytes">Bytes that those tensors take.</param>
public sealed record CheckpointPart(string Name, string Kind, int Tensors, long Bytes);
