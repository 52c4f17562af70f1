namespace EcgFm.Acquisition.Profiles;

/// <summary>What a profile says of its line.</summary>
public sealed record TransportSettings
{
    /// <summary>The line.</summary>
    public TransportKind Kind { get; init; }

    /// <summary>Serial: bits per second, unless the configuration says otherwise.</summary>
    public int BaudRate { get; init; } = 115200;

    /// <summary>Bluetooth LE: the service.</summary>
    public Guid? Service { get; init; }

    /// <summary>Bluetooth LE: the characteristic that notifies.</summary>
    public Guid? Notify { get; init; }

    /// <summary>Bluetooth LE: the characteristic that takes what is written; null when nothing is.</summary>
    public Guid? Write { get; init; }
}
