namespace EcgFm.Acquisition.Profiles;

/// <summary>The line that a board usually has.</summary>
public enum TransportKind
{
    /// <summary>A serial port.</summary>
    Serial,

    /// <summary>A TCP connection.</summary>
    Tcp,

    /// <summary>Notifications of a Bluetooth LE characteristic.</summary>
    BleNotify,

    /// <summary>Bluetooth's serial port profile.</summary>
    Rfcomm,
}
