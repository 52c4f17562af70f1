using System.CommandLine;

namespace EcgFm.Edge.Commands;

/// <summary><c>simulate</c>: the simulator, into a record or through the flow.</summary>
internal static class SimulateCommand
{
    public static Command Create() => new("simulate", "");
}
