using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet.Exceptions;

namespace MQTTnet.Native;

/// <summary>Certificates and key for libmosquitto, which wants files: they live in memory only (memfd) and go with this object.</summary>
internal sealed unsafe class TlsMaterial : IDisposable
{
    private readonly List<int> descriptors = [];

    public static void ThrowIfNotSupported(MqttClientTlsOptions options)
    {
        if (!options.UseTls)
            return;
        if (options.CertificateValidationHandler is not null)
            throw new NotSupportedException("libmosquitto cannot call a certificate validation handler: use WithTrustChain.");
        if (options.AsksForRevocationCheck)
            throw new NotSupportedException("libmosquitto does not check for revoked certificates: use X509RevocationMode.NoCheck.");
        _ = LowestVersion(options.SslProtocol);
    }

    public void Apply(nint handle, MqttClientTlsOptions options)
    {
        var certificates = options.ClientCertificatesProvider?.GetCertificates();
        var (certificateFile, keyFile) = certificates is { Count: > 0 } ? WriteClientCertificate(certificates) : (null, null);

        if (options.TrustChain is { Count: > 0 } authorities)
        {
            var file = Write("ca", string.Join('\n', authorities.Select(authority => authority.ExportCertificatePem())));
            Check(LibMosquitto.mosquitto_tls_set(handle, file, null, certificateFile, keyFile, 0));
        }
        else
        {
            // The library takes no client certificate without naming authorities: its own option comes first.
            Check(LibMosquitto.mosquitto_int_option(handle, LibMosquitto.OptionSystemCertificates, 1));
            if (certificateFile is not null)
                Check(LibMosquitto.mosquitto_tls_set(handle, SystemAuthorities(), null, certificateFile, keyFile, 0));
        }

        Check(LibMosquitto.mosquitto_tls_opts_set(handle, verifyPeer: 1, LowestVersion(options.SslProtocol), ciphers: null));
    }

    public void Dispose()
    {
        foreach (var descriptor in descriptors)
            _ = LibC.close(descriptor);
        descriptors.Clear();
    }

    private static string LowestVersion(SslProtocols protocols) => protocols switch
    {
        SslProtocols.Tls13 => "tlsv1.3",
        SslProtocols.None or SslProtocols.Tls12 or (SslProtocols.Tls12 | SslProtocols.Tls13) => "tlsv1.2",
        _ => throw new NotSupportedException($"TLS versions '{protocols}' are not supported: use TLS 1.2 or 1.3."),
    };

    private static string SystemAuthorities()
    {
        string[] places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
        return Array.Find(places, File.Exists)
            ?? throw new NotSupportedException("The system's certificate authorities were not found: use WithTrustChain.");
    }

    private (string CertificateFile, string KeyFile) WriteClientCertificate(X509CertificateCollection certificates)
    {
        var chain = new StringBuilder();
        string? key = null;
        foreach (var certificate in certificates.OfType<X509Certificate2>().OrderByDescending(certificate => certificate.HasPrivateKey))
        {
            _ = chain.AppendLine(certificate.ExportCertificatePem());
            key ??= ExportKey(certificate);
        }

        return key is null
            ? throw new MqttCommunicationException("The client certificate has no RSA or ECDSA private key.")
            : (Write("certificate", chain.ToString()), Write("key", key));
    }

    private static string? ExportKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey();
        using var ecdsa = certificate.GetECDsaPrivateKey();
        return rsa?.ExportPkcs8PrivateKeyPem() ?? ecdsa?.ExportPkcs8PrivateKeyPem();
    }

    private string Write(string name, string text)
    {
        const uint CloseOnExec = 1;
        var descriptor = LibC.memfd_create(name, CloseOnExec);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());

        descriptors.Add(descriptor);
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var written = 0; written < bytes.Length;)
        {
            fixed (byte* start = &bytes[written])
            {
                var count = LibC.write(descriptor, start, (nuint)(bytes.Length - written));
                if (count <= 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());

                written += (int)count;
            }
        }

        Array.Clear(bytes);
        return $"/proc/self/fd/{descriptor}";
    }

    private static void Check(int code)
    {
        if (code != LibMosquitto.Success)
            throw new MqttCommunicationException($"The TLS settings were refused: {LibMosquitto.Describe(code)}");
    }
}
