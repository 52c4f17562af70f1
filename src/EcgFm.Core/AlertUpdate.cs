using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>What one event brings to the alerts of a bed: it is stored whole or not at all.</summary>
/// <param name="Bed">The bed; null for the whole box.</param>
/// <param name="Steps">The steps that alerts have taken, in order; none when only a pause began or ended.</param>
/// <param name="PausedUntil">Until when the bed's alerts are paused; null when they are not.</param>
/// <param name="State">What the alerts need to go on after a restart; null when there is nothing left to go on with.</param>
public sealed record AlertUpdate(string? Bed, ImmutableArray<Alert> Steps, DateTimeOffset? PausedUntil, byte[]? State);
