using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Transport security. The server's name is always checked against its certificate.</summary>
public sealed class MqttClientTlsOptions
{
    private X509RevocationMode? revocationMode;

    /// <summary>Judges the server's certificate; libmosquitto cannot ask, so connecting with one throws <see cref="NotSupportedException"/>.</summary>
    public Func<MqttClientCertificateValidationEventArgs, bool>? CertificateValidationHandler { get; set; }

    /// <summary>Gives the client's certificate.</summary>
    public IMqttClientCertificatesProvider? ClientCertificatesProvider { get; set; }

    /// <summary>Whether revoked certificates are looked up. libmosquitto never does; to have asked for it explicitly throws <see cref="NotSupportedException"/> on connecting.</summary>
    public X509RevocationMode RevocationMode
    {
        get => revocationMode ?? X509RevocationMode.Online;
        set => revocationMode = value;
    }

    /// <summary>The versions allowed. libmosquitto knows a lowest one only: 1.2 (also the default) or 1.3.</summary>
    public SslProtocols SslProtocol { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The authorities trusted instead of the system's.</summary>
    public X509Certificate2Collection? TrustChain { get; set; }

    /// <summary>Whether the connection is secured at all.</summary>
    public bool UseTls { get; set; }

    internal bool AsksForRevocationCheck => revocationMode is not (null or X509RevocationMode.NoCheck);
}
