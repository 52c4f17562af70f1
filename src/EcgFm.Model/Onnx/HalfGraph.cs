using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Onnx;

/// <summary>The network in 16-bit floating point between the convolutions and the head, for CUDA.</summary>
internal sealed class HalfGraph(NetworkWeights weights) : NetworkGraph(weights)
{
    protected override DataType Element => DataType.Float16;

    protected override bool ForProcessors => false;
}
