using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>Gives an interpretation of a window.</summary>
public interface IInterpreter
{
    /// <summary>Interprets one window. Calls must not overlap in time.</summary>
    Interpretation Interpret(AssessedWindow window);
}
