using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EcgFm.Edge.Dashboard;

namespace EcgFm.Edge.Configuration;

/// <summary>The section <c>dashboard</c>.</summary>
internal static class DashboardSettings
{
    private const int LeastToken = 16;

    /// <summary>Reads the section; what is wrong goes into the reader's errors. Null when no port is given: nothing is served.</summary>
    /// <param name="dashboard">The section.</param>
    /// <param name="topicRoot">The topic root.</param>
    public static DashboardOptions? Read(SettingsReader dashboard, string topicRoot)
    {
        var port = dashboard.Has("port") ? dashboard.Integer("port", 0, 1, 65535) : (int?)null;
        var address = dashboard.Parse("address", IPAddress.Loopback, "an address of this machine, such as 127.0.0.1, 0.0.0.0 (all) or ::", (string text, out IPAddress value) => IPAddress.TryParse(text, out value!));
        var broker = dashboard.Has("broker") ? dashboard.Parse<Uri?>("broker", null, "ws://host:port[/path] or wss://host[:port][/path], without user and password", IsWebSocket) : null;
        var (tokenFile, certFile, keyFile) = (dashboard.Text("tokenFile"), CredentialFile.Path(dashboard.Text("certFile")), dashboard.Text("keyFile"));
        var allowInsecure = dashboard.Flag("allowInsecure", false);
        dashboard.RejectUnknown();

        var token = tokenFile is null ? null : CredentialFile.Secret(dashboard, "tokenFile", tokenFile);
        if (token is { Length: < LeastToken }) dashboard.Wrong("tokenFile", tokenFile!, $"a file with at least {LeastToken} characters, such as openssl rand -hex 32 writes");
        X509Certificate2? certificate = null;
        var chain = new X509Certificate2Collection();
        if (certFile is null != keyFile is null) dashboard.Error($"{dashboard.Path(certFile is null ? "certFile" : "keyFile")} is missing; a certificate and its key go together");
        else if (certFile is not null && CredentialFile.Secret(dashboard, "keyFile", keyFile!) is not null) certificate = Certificate(dashboard, certFile, CredentialFile.Path(keyFile)!, chain);

        if (!IPAddress.IsLoopback(address))
        {
            if (tokenFile is null) dashboard.Error($"{dashboard.Path("tokenFile")} is missing; a page that other machines can reach ({dashboard.Path("address")} is \"{address}\") needs a token: openssl rand -hex 32 > FILE && chmod 600 FILE");
            if (certFile is null && keyFile is null && !allowInsecure) dashboard.Error($"{dashboard.Path("certFile")} is missing; a page that other machines can reach is served by https, or by plain http with {dashboard.Path("allowInsecure")} set to true");
        }

        if (port is null)
        {
            if (broker is not null || tokenFile is not null || certFile is not null) dashboard.Error($"{dashboard.Path("port")} is missing; allowed is a whole number from 1 to 65535");
            return null;
        }

        return new() { Address = address, Port = port.Value, Broker = broker, TopicRoot = topicRoot, Token = token, Certificate = certificate, Chain = chain };
    }

    private static bool IsWebSocket(string text, out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme is "ws" or "wss" && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static X509Certificate2? Certificate(SettingsReader dashboard, string certFile, string keyFile, X509Certificate2Collection chain)
    {
        try
        {
            chain.ImportFromPemFile(certFile);
            return X509Certificate2.CreateFromPemFile(certFile, keyFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            dashboard.Wrong("certFile", certFile, $"a PEM file with the certificate that the key in {keyFile} belongs to ({fault.Message})");
            return null;
        }
    }
}
