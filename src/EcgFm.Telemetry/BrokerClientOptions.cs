using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry;

/// <summary>Our options in the MQTT client's words.</summary>
internal static class BrokerClientOptions
{
    public static MqttClientOptions From(BrokerOptions options, RetainedStatus status)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(options.Address.Host, options.Address.Port)
            .WithClientId(options.ClientId)
            // Nothing is kept at the broker for us: what we must send is in the outbox, and a command that comes late must not be carried out.
            .WithCleanStart()
            .WithSessionExpiryInterval(0)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.Timeout)
            .WithWillTopic(status.Topic)
            .WithWillPayload(status.Offline)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (options.UserName is { } user) builder = builder.WithCredentials(user, options.Password ?? "");
        if (options.Address.Tls)
            builder = builder.WithTlsOptions(tls =>
            {
                tls.UseTls();
                if (options.CertFile is { } certificate) tls.WithClientCertificates(ClientCertificate(certificate, options.KeyFile));
                if (options.CaFile is not { } file) return;
                var trusted = new X509Certificate2Collection();
                trusted.ImportFromPemFile(file);
                tls.WithTrustChain(trusted);
                // A private authority publishes no revocation list.
                tls.WithRevocationMode(X509RevocationMode.NoCheck);
            });
        return builder.Build();
    }

    /// <summary>The certificate with its key, and its intermediates after it.</summary>
    private static X509Certificate2Collection ClientCertificate(string certFile, string? keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certFile);
        chain[0] = X509Certificate2.CreateFromPemFile(certFile, keyFile);
        return chain;
    }
}
