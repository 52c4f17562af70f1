namespace EcgFm.Acquisition.Bluetooth.Polar;

/// <summary>Polar's measurement data service (PMD).</summary>
internal static class PmdUuids
{
    public static readonly Guid Control = new("fb005c81-02e7-f387-1cad-8acd2d8df0c8");
    public static readonly Guid Data = new("fb005c82-02e7-f387-1cad-8acd2d8df0c8");
}
