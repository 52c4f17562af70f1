using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Gives the client's certificates at each connection.</summary>
public interface IMqttClientCertificatesProvider
{
    /// <summary>The certificate with its private key first, then its intermediates.</summary>
    X509CertificateCollection GetCertificates();
}
