using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EcgFm.Edge.Health;

/// <summary>Tells systemd how the service is: datagrams to <c>$NOTIFY_SOCKET</c>, as sd_notify(3) describes them. Without that variable it says nothing.</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    /// <param name="socket">The value of <c>$NOTIFY_SOCKET</c>.</param>
    /// <param name="watchdog">The value of <c>$WATCHDOG_USEC</c>.</param>
    public ServiceManager(string? socket, string? watchdog)
    {
        if (string.IsNullOrEmpty(socket)) return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        // A name that begins with @ is no file: its first byte is zero.
        _address = new(socket[0] == '@' ? '\0' + socket[1..] : socket);
        if (long.TryParse(watchdog, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0) Watchdog = TimeSpan.FromMicroseconds(microseconds);
    }

    /// <summary>How long systemd waits for a sign of life before it starts the service anew; null when it does not wait.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>From the environment that systemd gave.</summary>
    public static ServiceManager FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    /// <summary>It monitors.</summary>
    public void Ready(string status) => Notify($"READY=1\nSTATUS={status}");

    /// <summary>A sign of life.</summary>
    public void Alive(string status) => Notify($"WATCHDOG=1\nSTATUS={status}");

    /// <summary>It stands still; no sign of life.</summary>
    public void Status(string status) => Notify($"STATUS={status}");

    /// <summary>It ends in good order.</summary>
    public void Stopping() => Notify("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Notify(string text)
    {
        if (_socket is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(text), _address!);
        }
        catch (SocketException)
        {
            // Whoever started the service has gone. Monitoring goes on.
        }
    }
}
