namespace EcgFm.Testing.Bluetooth;

/// <summary>A Bluetooth device as the stand-in for BlueZ sees it over the air.</summary>
public abstract class Peripheral
{
    public string Address { get; init; } = "A0:9E:1A:12:34:56";

    public string Name { get; init; } = "Device";

    public bool Paired { get; init; }

    /// <summary>Bytes of the largest attribute packet, as the link agrees on it.</summary>
    public ushort Mtu { get; init; } = 247;

    /// <summary>Services, each with its characteristics and their flags.</summary>
    public abstract IReadOnlyList<(string Service, IReadOnlyList<(string Uuid, string[] Flags)> Characteristics)> Services { get; }

    /// <summary>The services that it advertises: what there is no room for is told only when it is connected.</summary>
    public virtual IReadOnlyList<string> Advertised => [.. Services.Select(service => service.Service)];

    /// <summary>Sends a notification or indication over the air; set while connected.</summary>
    public Action<string, byte[]>? Send { get; set; }

    public virtual byte[] Read(string uuid) => [];

    /// <summary>Takes what was written. An exception refuses it.</summary>
    public virtual void Write(string uuid, byte[] value)
    {
    }

    /// <summary>Somebody asked for, or gave up, notifications.</summary>
    public virtual void Subscribe(string uuid, bool on)
    {
    }

    public virtual void Disconnected()
    {
    }
}
