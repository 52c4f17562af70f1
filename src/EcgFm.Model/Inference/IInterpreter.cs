using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>Gives an interpretation of a window.</summary>
public interface IInterpreter
{
    /// <summary>Interprets one window. The flow calls it one window at a time; <see cref="EcgModel"/> makes others wait.</summary>
    Interpretation Interpret(AssessedWindow window);
}
