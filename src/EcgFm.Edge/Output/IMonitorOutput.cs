using EcgFm.Core;

namespace EcgFm.Edge.Output;

/// <summary>Where a command shows what a monitor says.</summary>
internal interface IMonitorOutput
{
    /// <summary>A window has been interpreted.</summary>
    void Show(Interpretation interpretation, string bed);

    /// <summary>An alert has taken a step.</summary>
    void Show(Alert alert);
}
