namespace EcgFm.Alerts;

/// <summary>What is stored of alerts, for whoever has to know whether anybody can go on with it.</summary>
public static class StoredAlerts
{
    /// <summary>Whether <see cref="AlertOptions.State"/> can be this; alerts in what cannot be read are followed by nobody.</summary>
    public static bool CanBeRead(byte[] state) => AlertMemory.Read(state) is not null;
}
