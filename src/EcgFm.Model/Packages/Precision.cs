namespace EcgFm.Model.Packages;

/// <summary>The arithmetic of a network.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>16-bit floating point, for CUDA.</summary>
    Fp16,

    /// <summary>8-bit integers in the form that ONNX Runtime runs fastest on processors.</summary>
    Int8,

    /// <summary>8-bit integers as quantise–dequantise pairs with symmetric scales, for TensorRT.</summary>
    Int8Qdq,
}
