using System.Collections.Immutable;

namespace EcgFm.Model.Checkpoints;

/// <summary>One tensor of a checkpoint. Its values stay in the file until they are asked for.</summary>
public sealed class CheckpointTensor
{
    private readonly Checkpoint _checkpoint;

    internal CheckpointTensor(Checkpoint checkpoint, string name, PickleTensor tensor)
    {
        _checkpoint = checkpoint;
        Source = tensor;
        Name = name;
        Shape = [.. tensor.Shape];
    }

    /// <summary>The name within the checkpoint.</summary>
    public string Name { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>PyTorch's name of the storage, such as "torch.FloatStorage".</summary>
    public string StorageType => Source.Storage.Type;

    /// <summary>The tensor as the pickle describes it.</summary>
    internal PickleTensor Source { get; }

    /// <summary>Reads the values in C order, converted to float32.</summary>
    /// <exception cref="ModelFileException">The storage is missing, cut off or of a type that holds no floating-point numbers.</exception>
    public float[] Read() => _checkpoint.Read(Name, Source);
}
