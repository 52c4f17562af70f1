using System.Net;
using System.Security.Cryptography.X509Certificates;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Dashboard;
using EcgFm.Testing;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Tests;

public sealed class DashboardSettingsTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-dashboard-");
    private readonly List<string> _errors = [];

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text, UnixFileMode mode = Owner)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + "\n");
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private DashboardOptions? Read(params (string Key, string Value)[] settings)
    {
        _errors.Clear();
        var values = settings.ToDictionary(setting => $"dashboard:{setting.Key}", setting => (string?)setting.Value);
        return DashboardSettings.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("dashboard"), _errors), "ecgfm/v1");
    }

    [Fact]
    public void Without_a_port_nothing_is_served()
    {
        Assert.Null(Read());
        Assert.Empty(_errors);
        Assert.Null(Read(("broker", "ws://localhost:9001")));
        Assert.Equal("dashboard:port is missing; allowed is a whole number from 1 to 65535", Assert.Single(_errors));
    }

    [Fact]
    public void A_port_alone_serves_this_machine()
    {
        var read = Read(("port", "8080"), ("broker", "wss://broker.example:9443/mqtt"));
        Assert.Empty(_errors);
        Assert.Equal((IPAddress.Loopback, 8080, "wss://broker.example:9443/mqtt", "ecgfm/v1", null), (read!.Address, read.Port, read.Broker!.OriginalString, read.TopicRoot, read.Token));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.7")]
    public void Other_machines_need_a_token_and_https_unless_plain_http_is_written_out(string address)
    {
        var token = Write("token", Token);
        Read(("port", "8080"), ("address", address));
        Assert.Equal(2, _errors.Count);
        Assert.StartsWith("dashboard:tokenFile is missing; a page that other machines can reach", _errors[0], StringComparison.Ordinal);
        Assert.StartsWith("dashboard:certFile is missing; a page that other machines can reach is served by https", _errors[1], StringComparison.Ordinal);

        // Plain http does not replace the token.
        Read(("port", "8080"), ("address", address), ("allowInsecure", "true"));
        Assert.StartsWith("dashboard:tokenFile is missing", Assert.Single(_errors), StringComparison.Ordinal);

        var read = Read(("port", "8080"), ("address", address), ("allowInsecure", "true"), ("tokenFile", token));
        Assert.Empty(_errors);
        Assert.Equal((address, Token), (read!.Address.ToString(), read.Token));
    }

    [Fact]
    public void A_certificate_comes_with_its_key()
    {
        using var certificates = new TestCertificates();
        var token = Write("token", Token);
        var certificate = Write("page.pem", certificates.Server.ExportCertificatePem() + "\n" + certificates.Authority.ExportCertificatePem());
        var key = Write("page.key", certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var read = Read(("port", "8080"), ("address", "0.0.0.0"), ("tokenFile", token), ("certFile", certificate), ("keyFile", key));
        Assert.Empty(_errors);
        Assert.True(read!.Certificate!.HasPrivateKey);
        Assert.Equal(2, read.Chain.Count);

        Read(("port", "8080"), ("certFile", certificate));
        Assert.Equal("dashboard:keyFile is missing; a certificate and its key go together", Assert.Single(_errors));
        Read(("port", "8080"), ("certFile", certificate), ("keyFile", Write("other.key", certificates.Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())));
        Assert.StartsWith($"dashboard:certFile is \"{certificate}\"; allowed is a PEM file with the certificate that the key in", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_can_be_guessed_or_read_by_others_is_refused()
    {
        Read(("port", "8080"), ("tokenFile", Write("short", "secret")));
        Assert.Contains("at least 16 characters", Assert.Single(_errors), StringComparison.Ordinal);
        Assert.DoesNotContain("secret\"", _errors[0], StringComparison.Ordinal);
        Read(("port", "8080"), ("tokenFile", Write("open", Token, Owner | UnixFileMode.OtherRead)));
        Assert.Contains("only its owner can read", Assert.Single(_errors), StringComparison.Ordinal);
        Read(("port", "8080"), ("tokenFile", Path.Combine(_folder.FullName, "none")));
        Assert.Contains("a file that exists", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broker", "mqtt://localhost:1883")]
    [InlineData("broker", "ws://user:secret@localhost")]
    [InlineData("broker", "wss://localhost/mqtt?token=1")]
    [InlineData("broker", "localhost:9001")]
    [InlineData("address", "localhost")]
    [InlineData("port", "0")]
    [InlineData("port", "http")]
    public void What_is_wrong_is_named_with_its_key(string key, string value)
    {
        Read(("port", "8080"));
        if (key == "port") Read((key, value));
        else Read(("port", "8080"), (key, value));
        Assert.StartsWith($"dashboard:{key} is \"{value}\"; allowed is ", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_misspelt_is_no_setting()
    {
        Read(("port", "8080"), ("tokenfile", "x"), ("cert", "y"));
        Assert.Contains("dashboard:cert is no setting; allowed are address, allowInsecure, broker, certFile, keyFile, port, tokenFile", _errors);
    }
}
