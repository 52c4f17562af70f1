using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Outbox;

namespace EcgFm.Edge.Configuration;

/// <summary>The section <c>mqtt</c>.</summary>
/// <param name="Broker">How to reach the broker; null when its address is missing or wrong.</param>
/// <param name="TopicRoot">The topic root.</param>
/// <param name="Wave">Whether samples are sent for live views.</param>
/// <param name="HomeAssistant">Whether the beds are announced to Home Assistant.</param>
internal sealed record BrokerSettings(BrokerOptions? Broker, string TopicRoot, bool Wave, bool HomeAssistant)
{
    /// <summary>Reads the section; what is wrong goes into the reader's errors.</summary>
    /// <param name="mqtt">The section.</param>
    /// <param name="clientId">The client identifier unless one is given.</param>
    public static BrokerSettings Read(SettingsReader mqtt, string clientId)
    {
        var topicRoot = mqtt.Text("topicRoot", text => text.Split('/').All(TelemetryTopics.IsLevel), $"levels separated by '/', each of {TelemetryTopics.LevelRule}", "ecgfm/v1")!;
        var url = mqtt.Text("url", text => BrokerAddress.TryParse(text, out _), BrokerAddress.Rule, null);
        var allowInsecure = mqtt.Flag("allowInsecure", false);
        var (user, passwordFile) = (mqtt.Text("userName"), mqtt.Text("passwordFile"));
        var (caFile, certFile, keyFile) = (CredentialFile.Path(mqtt.Text("caFile")), CredentialFile.Path(mqtt.Text("certFile")), mqtt.Text("keyFile"));
        var password = passwordFile is null ? null : CredentialFile.Secret(mqtt, "passwordFile", passwordFile);
        if (passwordFile is not null && user is null) mqtt.Error($"{mqtt.Path("userName")} is missing; a password goes with a user");
        // An empty file would mean trust in the system's authorities, and not in the private one that was meant.
        if (caFile is not null && !HasCertificate(caFile)) mqtt.Wrong("caFile", caFile, "a PEM file with a certificate");
        if (certFile is null != keyFile is null) mqtt.Error($"{mqtt.Path(certFile is null ? "certFile" : "keyFile")} is missing; a certificate and its key go together");
        else if (certFile is not null && CredentialFile.Secret(mqtt, "keyFile", keyFile!) is not null && !IsPair(certFile, CredentialFile.Path(keyFile)!))
            mqtt.Wrong("certFile", certFile, $"a PEM file with the certificate that the key in {keyFile} belongs to");
        clientId = mqtt.Text("clientId", text => text.Length <= 128, "1 to 128 characters", clientId)!;
        var limits = new OutboxLimits((long)mqtt.Integer("outboxMegabytes", 64, 1, 4096) << 20, TimeSpan.FromHours(mqtt.Number("outboxHours", 72, 0.1, 8760)));
        var (wave, homeAssistant) = (mqtt.Flag("wave", true), mqtt.Flag("homeAssistant", false));
        mqtt.RejectUnknown();
        if (!BrokerAddress.TryParse(url ?? "", out var address)) return new(null, topicRoot, wave, homeAssistant);

        if (address is { Tls: false, IsLoopback: false } && !allowInsecure)
            mqtt.Wrong("url", url!, "mqtts:// for a broker on another machine; plain mqtt:// only to loopback, or with mqtt:allowInsecure set to true");
        if (!address.Tls && (caFile ?? certFile) is not null)
            mqtt.Wrong("url", url!, "mqtts:// where mqtt:caFile or mqtt:certFile is given: nothing is encrypted without it");
        var broker = new BrokerOptions
        {
            Address = address,
            ClientId = clientId,
            UserName = user,
            Password = password,
            CaFile = caFile,
            CertFile = certFile,
            KeyFile = CredentialFile.Path(keyFile),
            Outbox = limits,
        };
        return new(broker, topicRoot, wave, homeAssistant);
    }

    private static bool HasCertificate(string path)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

    private static bool IsPair(string certFile, string keyFile)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certFile, keyFile);
            return pair.HasPrivateKey;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
