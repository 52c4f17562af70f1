using EcgFm.Model.Checkpoints;

namespace EcgFm.Model.Onnx;

/// <summary>The checkpoint's tensors in the form in which the graph uses them. Everything is made when it is asked for; nothing is kept.</summary>
internal sealed class NetworkWeights(Checkpoint checkpoint)
{
    public NetworkArchitecture Architecture => checkpoint.Architecture;

    public float[] Tensor(string name) => checkpoint.Tensor(name).Read();

    /// <summary>
    /// A convolution whose stride is its kernel, as a matrix product: [kernel · input channels, output channels] for rows of kernel × channels.
    /// </summary>
    public float[] ConvolutionMatrix(int index)
    {
        var layer = Architecture.Convolutions[index];
        var inputs = index == 0 ? Architecture.Leads : Architecture.Convolutions[index - 1].Channels;
        var weight = Tensor($"{TensorNames.Convolutions}{index}.0.weight");
        var matrix = new float[weight.Length];
        for (var o = 0; o < layer.Channels; o++)
            for (var i = 0; i < inputs; i++)
                for (var k = 0; k < layer.Kernel; k++)
                    matrix[(k * inputs + i) * layer.Channels + o] = weight[(o * inputs + i) * layer.Kernel + k];
        return matrix;
    }

    /// <summary>The weight of a linear layer (or several, side by side), transposed to [inputs, outputs].</summary>
    public float[] LinearMatrix(LinearLayer layer)
    {
        var matrix = new float[layer.Inputs * layer.Outputs];
        var column = 0;
        foreach (var part in layer.Parts)
        {
            var weight = Tensor(part.Name + ".weight");
            var rows = weight.Length / layer.Inputs;
            for (var o = 0; o < rows; o++)
                for (var i = 0; i < layer.Inputs; i++)
                    matrix[i * layer.Outputs + column + o] = weight[o * layer.Inputs + i] * part.Scale;
            column += rows;
        }

        return matrix;
    }

    /// <summary>The bias of a linear layer (or several, one after the other).</summary>
    public float[] LinearBias(LinearLayer layer) =>
        [.. layer.Parts.SelectMany(part => Tensor(part.Name + ".bias").Select(b => b * part.Scale))];

    /// <summary>The positional convolution [width, width / groups, taps], its weight normalisation (per tap) worked in: v · g / ‖v‖.</summary>
    public float[] PositionalWeight()
    {
        var gain = Tensor(TensorNames.Positional + TensorNames.PositionalGain);
        var weight = Tensor(TensorNames.Positional + TensorNames.PositionalDirection);
        var taps = gain.Length;
        var squares = new double[taps];
        for (var i = 0; i < weight.Length; i++) squares[i % taps] += (double)weight[i] * weight[i];
        for (var k = 0; k < taps; k++) squares[k] = gain[k] / Math.Sqrt(squares[k]);
        for (var i = 0; i < weight.Length; i++) weight[i] = (float)(weight[i] * squares[i % taps]);
        return weight;
    }
}
