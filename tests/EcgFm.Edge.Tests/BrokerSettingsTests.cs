using System.Security.Cryptography.X509Certificates;
using EcgFm.Edge.Configuration;
using EcgFm.Testing;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Tests;

public sealed class BrokerSettingsTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-broker-");
    private readonly TestCertificates _certificates = new();
    private readonly List<string> _errors = [];

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string text, UnixFileMode mode = Owner)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private string Key(X509Certificate2 certificate, string name, UnixFileMode mode = Owner) => Write(name, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), mode);

    private BrokerSettings Read(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["mqtt:url"] = "mqtts://broker.example" };
        foreach (var (key, value) in settings) values[$"mqtt:{key}"] = value;
        return BrokerSettings.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("mqtt"), _errors), "s-d");
    }

    [Fact]
    public void What_nobody_sets_is_safe()
    {
        var read = Read();
        Assert.Empty(_errors);
        Assert.Equal((64L << 20, TimeSpan.FromHours(72), true, false), (read.Broker!.Outbox.Bytes, read.Broker.Outbox.Age, read.Wave, read.HomeAssistant));
    }

    [Fact]
    public void A_certificate_and_its_key_go_together()
    {
        var (cert, key) = (Write("box.pem", _certificates.Client.ExportCertificatePem()), Key(_certificates.Client, "box.key"));
        var read = Read(("certFile", cert), ("keyFile", key));
        Assert.Empty(_errors);
        Assert.Equal((cert, key), (read.Broker!.CertFile, read.Broker.KeyFile));

        Read(("certFile", cert));
        Assert.Equal("mqtt:keyFile is missing; a certificate and its key go together", Assert.Single(_errors));
        _errors.Clear();
        Read(("keyFile", key));
        Assert.Equal("mqtt:certFile is missing; a certificate and its key go together", Assert.Single(_errors));
        _errors.Clear();
        Read(("certFile", cert), ("keyFile", Key(_certificates.Server, "other.key")));
        Assert.StartsWith($"mqtt:certFile is \"{cert}\"; allowed is a PEM file with the certificate that the key in", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        var key = Key(_certificates.Client, "box.key", Owner | UnixFileMode.GroupRead);
        Read(("certFile", Write("box.pem", _certificates.Client.ExportCertificatePem())), ("keyFile", key));
        Assert.EndsWith($"a file that only its owner can read: chmod 600 {key}", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_without_encryption_are_a_mistake()
    {
        Read(("url", "mqtt://localhost"), ("caFile", Write("ca.pem", _certificates.Authority.ExportCertificatePem())));
        Assert.StartsWith("mqtt:url is \"mqtt://localhost\"; allowed is mqtts:// where", Assert.Single(_errors), StringComparison.Ordinal);
    }
}
