namespace EcgFm.Chaos;

/// <summary>What names a step of an alert.</summary>
/// <param name="Bed">The bed; empty for the box.</param>
/// <param name="Id">The alert.</param>
/// <param name="Sequence">The step.</param>
internal readonly record struct AlertStep(string Bed, Guid Id, int Sequence)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Bed} {Id}#{Sequence}";
}
