namespace EcgFm.Core;

/// <summary>Something that a person asks of a bed's alerts.</summary>
/// <param name="Bed">The bed; null for the whole box.</param>
/// <param name="By">Who asks, as a role or a workplace: never a patient.</param>
public abstract record AlertCommand(string? Bed, string By)
{
    /// <summary>Somebody has seen the alert: it is silenced, and goes on.</summary>
    /// <param name="Bed">The bed; null for the whole box.</param>
    /// <param name="By">Who asks.</param>
    /// <param name="Alert">The alert's <see cref="Core.Alert.Id"/>.</param>
    public sealed record Acknowledge(string? Bed, string By, Guid Alert) : AlertCommand(Bed, By);

    /// <summary>No alert of the bed calls out for a while, as during a procedure.</summary>
    /// <param name="Bed">The bed; null for the whole box.</param>
    /// <param name="By">Who asks.</param>
    /// <param name="Duration">How long, at most as long as the configuration allows.</param>
    public sealed record Pause(string? Bed, string By, TimeSpan Duration) : AlertCommand(Bed, By);

    /// <summary>The end of a pause, before its time.</summary>
    /// <param name="Bed">The bed; null for the whole box.</param>
    /// <param name="By">Who asks.</param>
    public sealed record Resume(string? Bed, string By) : AlertCommand(Bed, By);

    /// <summary>The last ten seconds are published as a snippet, or once more those that began an alert.</summary>
    /// <param name="Bed">The bed; null for the whole box.</param>
    /// <param name="By">Who asks.</param>
    /// <param name="Alert">The <see cref="Core.Alert.Id"/> of an active alert; null for the last ten seconds.</param>
    public sealed record Snapshot(string? Bed, string By, Guid? Alert = null) : AlertCommand(Bed, By);
}
