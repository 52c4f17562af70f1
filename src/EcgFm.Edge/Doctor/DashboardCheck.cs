using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EcgFm.Edge.Dashboard;

namespace EcgFm.Edge.Doctor;

/// <summary>The dashboard: whether it is served or can be, and whether a browser that has it will get to the broker.</summary>
/// <param name="options">How it is served.</param>
/// <param name="built">Whether this program was built with the page; looked up unless given.</param>
/// <param name="time">The clock of the certificate; null means the host's.</param>
internal sealed class DashboardCheck(DashboardOptions options, bool? built = null, TimeProvider? time = null) : Check("dashboard")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), ExpiresSoon = TimeSpan.FromDays(30);

    /// <summary>The page's own address.</summary>
    private Uri Page { get; } = new UriBuilder(options.Certificate is null ? "http" : "https", Reached(options.Address).ToString(), options.Port).Uri;

    public override async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop)
    {
        List<Finding> findings = [await PageAsync(stop).ConfigureAwait(false), await BrokerAsync(stop).ConfigureAwait(false)];
        if (options.Certificate is { } certificate)
        {
            var (left, day) = (certificate.NotAfter.ToUniversalTime() - (time ?? TimeProvider.System).GetUtcNow().UtcDateTime, certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            if (left < TimeSpan.Zero) findings.Add(Problem($"the certificate ended on {day}: no browser takes it", "renew the certificate that dashboard:certFile names"));
            else if (left < ExpiresSoon) findings.Add(Warning($"the certificate ends on {day}", "renew the certificate that dashboard:certFile names"));
        }

        return findings;
    }

    private async Task<Finding> PageAsync(CancellationToken stop)
    {
        if (!(built ?? DashboardHost.HasBundledPage)) return Problem("this program was built without the page", "install the package, or build with BuildDashboard=true");
        // The certificate names the box as browsers call it, and a token may be asked for: that it is this certificate and this page is all that is looked at.
        using var browser = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == options.Certificate?.GetCertHashString() },
        })
        { Timeout = Patience };
        try
        {
            using var answer = await browser.GetAsync(new Uri(Page, "config.json"), stop).ConfigureAwait(false);
            return answer.Headers.Contains("Content-Security-Policy") && answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized
                ? Ok($"{Page} is served")
                : Problem($"something else answers on {Page}", $"sudo ss -tlnp 'sport = :{options.Port}'");
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Ok($"{Page} will be served when the daemon runs");
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return Problem($"{Page} does not answer as the daemon would: {fault.GetBaseException().Message}", $"sudo ss -tlnp 'sport = :{options.Port}'");
        }
    }

    private async Task<Finding> BrokerAsync(CancellationToken stop)
    {
        if (options.Broker is not { } broker) return Warning("dashboard:broker is not given: each browser asks its user for the broker's WebSocket address", "set dashboard:broker, such as ws://HOST:9001");
        if (options.Certificate is not null && broker.Scheme == "ws") return Problem($"the page is served by https, and from such a page no browser opens {broker}", "give the broker's WebSocket listener a certificate and write wss:// in dashboard:broker");
        using var socket = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(broker.Host, broker.Port, patience.Token).ConfigureAwait(false);
            return Ok($"{broker} is there for browsers");
        }
        catch (Exception fault) when (fault is SocketException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return Problem($"{broker} cannot be reached: {(fault is SocketException ? fault.Message : "no answer")}", $"give the broker \"listener {broker.Port}\" and \"protocol websockets\"");
        }
    }

    /// <summary>An address of "all" is reached by the loopback.</summary>
    private static IPAddress Reached(IPAddress address) => address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
}
