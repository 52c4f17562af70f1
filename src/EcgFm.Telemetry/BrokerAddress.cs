using System.Net;

namespace EcgFm.Telemetry;

/// <summary>Where the broker is.</summary>
/// <param name="Host">A host name or address.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
public sealed record BrokerAddress(string Host, int Port, bool Tls)
{
    /// <summary>What an address looks like, in words.</summary>
    public const string Rule = "mqtt://host[:1883] or mqtts://host[:8883]";

    /// <summary>Whether the broker is on this machine.</summary>
    public bool IsLoopback => Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>mqtt://host:port</c> or <c>mqtts://host:port</c>; user and password never stand in an address.</summary>
    public static bool TryParse(string text, out BrokerAddress address)
    {
        address = new("", 0, false);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts")) return false;
        if (uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.AbsolutePath.Trim('/').Length > 0 || uri.Query.Length > 0) return false;
        var tls = uri.Scheme == "mqtts";
        address = new(uri.DnsSafeHost, uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Tls ? "mqtts" : "mqtt")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
