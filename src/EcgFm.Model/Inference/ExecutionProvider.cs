namespace EcgFm.Model.Inference;

/// <summary>What runs the network.</summary>
public enum ExecutionProvider
{
    /// <summary>The best that the package and the device allow.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT.</summary>
    TensorRt,

    /// <summary>A GPU through WebGPU.</summary>
    WebGpu,
}
