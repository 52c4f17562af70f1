using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>Something that the alerts of a bed, or of the box, hear of.</summary>
/// <param name="Time">When: the end of the samples that it rests on, or the host's clock. Durations are counted between inputs of one kind, and a clock that was set counts for nothing.</param>
public abstract record AlertInput(DateTimeOffset Time)
{
    /// <summary>What the network says of a window.</summary>
    /// <param name="Result">The interpretation.</param>
    public sealed record Interpreted(Interpretation Result) : AlertInput(Result.Input.Window.End);

    /// <summary>A window that could not be interpreted.</summary>
    /// <param name="Window">The window.</param>
    /// <param name="Reason">Why; null when no network is there that could.</param>
    public sealed record Failed(AssessedWindow Window, string? Reason) : AlertInput(Window.Window.End);

    /// <summary>The last ten seconds, every second, as they are known without the network.</summary>
    /// <param name="Window">The ten seconds.</param>
    public sealed record Assessed(AssessedWindow Window) : AlertInput(Window.Window.End);

    /// <summary>What a sensor says that counts the beats itself and gives no ECG, about every second.</summary>
    /// <param name="Vitals">Heart rate and contact.</param>
    public sealed record Counted(Vitals Vitals) : AlertInput(Vitals.Time);

    /// <summary>Something about the equipment that is not seen in the samples has begun or is over.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Condition">What.</param>
    /// <param name="Present">Whether it holds from now on.</param>
    /// <param name="Detail">More of it in words.</param>
    public sealed record Sign(DateTimeOffset Time, TechnicalCondition Condition, bool Present, string? Detail = null) : AlertInput(Time);

    /// <summary>A second has passed by the host's clock.</summary>
    /// <param name="Time">When.</param>
    public sealed record Tick(DateTimeOffset Time) : AlertInput(Time);

    /// <summary>A person asks for something.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Command">What.</param>
    /// <param name="Answer">Takes what becomes of it, before the input has been dealt with.</param>
    public sealed record Asked(DateTimeOffset Time, AlertCommand Command, Action<CommandAnswer> Answer) : AlertInput(Time);
}
