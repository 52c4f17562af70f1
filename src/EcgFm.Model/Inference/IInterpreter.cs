using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>Gives an interpretation of a window.</summary>
public interface IInterpreter
{
    /// <summary>Interprets one window. The flow calls it one window at a time; <see cref="EcgModel"/> makes others wait.</summary>
    Interpretation Interpret(AssessedWindow window);

    /// <summary>Interprets several windows, of one bed or of many, in their order. Company changes nothing in a window's interpretation but its time.</summary>
    IReadOnlyList<Interpretation> Interpret(IReadOnlyList<AssessedWindow> windows) => [.. windows.Select(Interpret)];
}
