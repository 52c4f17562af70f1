using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EcgFm.Testing;

/// <summary>A certificate authority of the test's own, with a server certificate for given names and a client certificate.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Creates an authority; without names the server is "localhost" and 127.0.0.1.</summary>
    public TestCertificates(params string[] serverNames)
    {
        var request = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Server = Issue("CN=Test server", "1.3.6.1.5.5.7.3.1", serverNames.Length == 0 ? ["localhost", "127.0.0.1"] : serverNames);
        Client = Issue("CN=Test client", "1.3.6.1.5.5.7.3.2", []);
    }

    /// <summary>The authority, without its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The client's certificate with its key.</summary>
    public X509Certificate2 Client { get; }

    /// <summary>The authority as a collection, to trust it.</summary>
    public X509Certificate2Collection TrustChain => [Authority];

    /// <summary>A client's certificate with its key, for a client of this name.</summary>
    public X509Certificate2 IssueClient(string name) => Issue($"CN={name}", "1.3.6.1.5.5.7.3.2", []);

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Authority.Dispose();
        authorityKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, string usage, string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        if (names.Length > 0)
            request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(
            Authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
