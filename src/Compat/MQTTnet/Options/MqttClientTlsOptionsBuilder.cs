using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>Builds <see cref="MqttClientTlsOptions"/>; security is on unless switched off.</summary>
public sealed class MqttClientTlsOptionsBuilder
{
    private readonly MqttClientTlsOptions options = new() { UseTls = true };

    /// <summary>The finished options.</summary>
    public MqttClientTlsOptions Build() => options;

    /// <summary>Switches security on or off.</summary>
    public MqttClientTlsOptionsBuilder UseTls(bool useTls = true)
    {
        options.UseTls = useTls;
        return this;
    }

    /// <summary>Sets a judge of the server's certificate; see <see cref="MqttClientTlsOptions.CertificateValidationHandler"/>.</summary>
    public MqttClientTlsOptionsBuilder WithCertificateValidationHandler(Func<MqttClientCertificateValidationEventArgs, bool> certificateValidationHandler)
    {
        options.CertificateValidationHandler = certificateValidationHandler ?? throw new ArgumentNullException(nameof(certificateValidationHandler));
        return this;
    }

    /// <summary>Sets the client's certificate (with its private key) and its intermediates.</summary>
    public MqttClientTlsOptionsBuilder WithClientCertificates(IEnumerable<X509Certificate2> certificates)
    {
        options.ClientCertificatesProvider = new FixedCertificatesProvider(certificates ?? throw new ArgumentNullException(nameof(certificates)));
        return this;
    }

    /// <summary>Sets the client's certificate (with its private key) and its intermediates.</summary>
    public MqttClientTlsOptionsBuilder WithClientCertificates(X509Certificate2Collection certificates)
    {
        options.ClientCertificatesProvider = new FixedCertificatesProvider(certificates ?? throw new ArgumentNullException(nameof(certificates)));
        return this;
    }

    /// <summary>Sets who gives the client's certificates.</summary>
    public MqttClientTlsOptionsBuilder WithClientCertificatesProvider(IMqttClientCertificatesProvider clientCertificatesProvider)
    {
        options.ClientCertificatesProvider = clientCertificatesProvider;
        return this;
    }

    /// <summary>Sets whether revoked certificates are looked up; see <see cref="MqttClientTlsOptions.RevocationMode"/>.</summary>
    public MqttClientTlsOptionsBuilder WithRevocationMode(X509RevocationMode revocationMode)
    {
        options.RevocationMode = revocationMode;
        return this;
    }

    /// <summary>Sets the versions allowed; see <see cref="MqttClientTlsOptions.SslProtocol"/>.</summary>
    public MqttClientTlsOptionsBuilder WithSslProtocols(SslProtocols sslProtocols)
    {
        options.SslProtocol = sslProtocols;
        return this;
    }

    /// <summary>Sets the authorities trusted instead of the system's.</summary>
    public MqttClientTlsOptionsBuilder WithTrustChain(X509Certificate2Collection chain)
    {
        options.TrustChain = chain;
        return this;
    }
}
