using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

internal sealed class FixedCertificatesProvider(IEnumerable<X509Certificate2> certificates) : IMqttClientCertificatesProvider
{
    private readonly X509Certificate2Collection certificates = [.. certificates];

    public X509CertificateCollection GetCertificates() => certificates;
}
