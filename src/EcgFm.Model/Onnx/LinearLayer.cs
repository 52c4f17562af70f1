namespace EcgFm.Model.Onnx;

/// <summary>A linear layer of the graph, made of one or several of the checkpoint's side by side.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Inputs">Inputs.</param>
/// <param name="Outputs">Outputs of all parts together.</param>
/// <param name="Parts">The names of the checkpoint's layers, each with a factor on its weight and bias.</param>
internal sealed record LinearLayer(string Name, int Inputs, int Outputs, params (string Name, float Scale)[] Parts);
