namespace EcgFm.Telemetry.Messages;

/// <summary>What an alert is called.</summary>
/// <param name="Own">The project's own code, such as "atrial-fibrillation".</param>
/// <param name="Snomed">The SNOMED CT concept.</param>
/// <param name="Mdc">The ISO/IEEE 11073-10101 reference identifier.</param>
public sealed record AlertCode(string Own, string? Snomed, string? Mdc);
