using System.CommandLine;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary><c>evaluate</c>: how well it detects, measured on recordings with known truth.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Measure on WFDB records with known truth, through the same flow as live data.")
    {
        EvaluateWindowsCommand.Create(),
        EvaluateEpisodesCommand.Create(),
        EvaluateBeatsCommand.Create(),
    };
}
