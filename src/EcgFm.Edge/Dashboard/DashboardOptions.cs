using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace EcgFm.Edge.Dashboard;

/// <summary>How the page is served.</summary>
public sealed record DashboardOptions
{
    /// <summary>The address to listen on; this machine alone unless given.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>The broker's WebSocket address as a browser reaches it (ws:// or wss://); null: the page asks.</summary>
    public Uri? Broker { get; init; }

    /// <summary>The topic root that the page subscribes below.</summary>
    public required string TopicRoot { get; init; }

    /// <summary>What a browser must show to see anything; null: nothing, which is for loopback only.</summary>
    public string? Token { get; init; }

    /// <summary>The certificate with its key for https; null: plain http.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The authorities between that certificate and one that browsers know.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];
}
