using System.Net;
using System.Net.Sockets;

namespace MQTTnet;

/// <summary>How to reach the server over TCP.</summary>
public sealed class MqttClientTcpOptions : IMqttClientChannelOptions
{
    /// <summary>IPv4, IPv6, or either.</summary>
    public AddressFamily AddressFamily { get; set; } = AddressFamily.Unspecified;

    /// <summary>Whether small packets are sent at once.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>A <see cref="DnsEndPoint"/> or an <see cref="IPEndPoint"/>.</summary>
    public EndPoint? RemoteEndpoint { get; set; }

    /// <summary>The transport security.</summary>
    public MqttClientTlsOptions TlsOptions { get; set; } = new();

    /// <inheritdoc/>
    public override string ToString() => RemoteEndpoint?.ToString() ?? string.Empty;
}
