using System.Net;
using System.Net.Sockets;
using MQTTnet.Exceptions;

namespace MQTTnet.Native;

/// <summary>One way to reach the server, in libmosquitto's words.</summary>
/// <param name="Host">An address, or the name where the certificate must be checked against it.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="BindAddress">The "any" address of a family, to choose that family of <paramref name="Host"/>; or null.</param>
internal readonly record struct ConnectTarget(string Host, int Port, string? BindAddress)
{
    /// <summary>Resolves the server's name here, where it can be cancelled, rather than in libmosquitto, where it blocks.</summary>
    public static async Task<IReadOnlyList<ConnectTarget>> ResolveAsync(MqttClientTcpOptions options, CancellationToken cancellationToken)
    {
        var (host, port, family) = options.RemoteEndpoint switch
        {
            DnsEndPoint name => (name.Host, name.Port, name.AddressFamily),
            IPEndPoint address => (address.Address.ToString(), address.Port, AddressFamily.Unspecified),
            _ => throw new NotSupportedException("libmosquitto connects to host names and IP addresses only."),
        };

        if (family == AddressFamily.Unspecified)
            family = options.AddressFamily;
        if (IPAddress.TryParse(host, out _))
            return [new ConnectTarget(host, port, null)];

        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new MqttCommunicationException($"Error while connecting host '{host}:{port}'. The name cannot be resolved: {failure.Message}", failure);
        }

        if (!options.TlsOptions.UseTls)
            return [.. addresses.Select(address => new ConnectTarget(address.ToString(), port, null))];

        // The certificate is checked against the name, so only the family can be chosen.
        var families = addresses.Select(address => address.AddressFamily).Distinct().ToArray();
        return families.Length == 1
            ? [new ConnectTarget(host, port, null)]
            : [.. families.Select(each => new ConnectTarget(host, port, each == AddressFamily.InterNetworkV6 ? "::" : "0.0.0.0"))];
    }
}
