using EcgFm.Core;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Health;

/// <summary>Counts what happens at one bed, for the health report. Safe to use from any thread.</summary>
/// <param name="bed">The bed.</param>
/// <param name="source">What its samples come from.</param>
internal sealed class BedWatch(string bed, string source)
{
    private readonly Lock _gate = new();
    private bool _connected;
    private string? _fault;
    private long _windows;
    private long _skipped;
    private long _missing;
    private double? _inference;

    /// <summary>Takes an interpretation.</summary>
    public void Count(Interpretation interpretation)
    {
        lock (_gate)
        {
            _windows++;
            _skipped = interpretation.SkippedWindows;
            _missing += interpretation.Input.Window.Missing.Max();
            _inference = Math.Round(interpretation.InferenceTime.TotalMilliseconds, 2);
        }
    }

    /// <summary>The source delivers.</summary>
    public void Connected()
    {
        lock (_gate) (_connected, _fault) = (true, null);
    }

    /// <summary>The source has failed.</summary>
    public void Lost(string fault)
    {
        lock (_gate) (_connected, _fault) = (false, fault);
    }

    /// <summary>What it has counted.</summary>
    public BedHealth Report()
    {
        lock (_gate) return new(bed, source, _connected, _fault, _windows, _skipped, _missing, _inference);
    }
}
