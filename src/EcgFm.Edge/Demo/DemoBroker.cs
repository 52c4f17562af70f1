using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Demo;

/// <summary>A Mosquitto of the demonstration's own, on free loopback ports, gone with the demonstration.</summary>
internal sealed class DemoBroker : IAsyncDisposable
{
    private const int PortAttempts = 5;

    private readonly Process _process;
    private readonly string _folder;
    private Task _unread = Task.CompletedTask;

    private DemoBroker(Process process, string folder, int port, int webSocketPort)
    {
        (_process, _folder) = (process, folder);
        Address = new BrokerAddress("127.0.0.1", port, Tls: false);
        WebSocket = new Uri($"ws://127.0.0.1:{webSocketPort}");
    }

    /// <summary>Where it listens.</summary>
    public BrokerAddress Address { get; }

    /// <summary>Where it listens for browsers.</summary>
    public Uri WebSocket { get; }

    /// <summary>Starts the broker and waits until it answers.</summary>
    /// <exception cref="IOException">Mosquitto is not installed, or does not start.</exception>
    public static Task<DemoBroker> StartAsync(CancellationToken stop) => StartAsync(FreePorts, stop);

    /// <summary>Starts the broker on two ports, on others where somebody took one of them meanwhile.</summary>
    /// <exception cref="IOException">Mosquitto is not installed, or does not start.</exception>
    internal static async Task<DemoBroker> StartAsync(Func<(int Port, int WebSocketPort)> ports, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(ports(), stop).ConfigureAwait(false);
            }
            catch (IOException fault) when (attempt < PortAttempts && IsOfPort(fault.Message))
            {
                // Others, then.
            }
        }
    }

    private static async Task<DemoBroker> StartAsync((int Port, int WebSocketPort) ports, CancellationToken stop)
    {
        var (port, webSocketPort) = ports;
        var folder = Directory.CreateTempSubdirectory("ecgfm-demo-").FullName;
        // Without the domain, Mosquitto 2.0.11 opens a WebSocket listener to all the world, whatever its address says (eclipse-mosquitto/mosquitto#2085).
        var configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"""
            listener {port} 127.0.0.1
            listener {webSocketPort} 127.0.0.1
            protocol websockets
            socket_domain ipv4
            allow_anonymous true
            persistence false
            set_tcp_nodelay true
            log_dest stderr
            log_type error
            log_type information

            """, stop).ConfigureAwait(false);
        var start = new ProcessStartInfo(Executable(), ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        var process = Process.Start(start) ?? throw new IOException("mosquitto did not start.");
        var broker = new DemoBroker(process, folder, port, webSocketPort);
        try
        {
            await broker.WaitUntilItRunsAsync(stop).ConfigureAwait(false);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _unread.ConfigureAwait(false);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Until it says that it runs: somebody else may listen where it could not.</summary>
    private async Task WaitUntilItRunsAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var said = new List<string>();
        try
        {
            while (await _process.StandardError.ReadLineAsync(patience.Token).ConfigureAwait(false) is { } line)
            {
                if (line.EndsWith(" running", StringComparison.Ordinal))
                {
                    // Or a full pipe would hold it up.
                    _unread = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return;
                }

                said.Add(line);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"mosquitto does not start: {string.Join(' ', said)}");
        }

        throw new IOException($"mosquitto ended at once: {string.Join(' ', said)}");
    }

    /// <summary>Mosquitto 2.0.11 has one message for its own listeners and one for those of WebSockets.</summary>
    private static bool IsOfPort(string said) =>
        said.Contains("Address already in use", StringComparison.Ordinal) || said.Contains("Unable to create websockets listener", StringComparison.Ordinal);

    private static string Executable()
    {
        // Debian installs it in /usr/sbin, which is not on every user's path.
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/usr/local/sbin"];
        return folders.Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists)
            ?? throw new IOException("mosquitto is not installed: install the Debian or Ubuntu package mosquitto, or name a broker with --mqtt.");
    }

    private static (int, int) FreePorts()
    {
        // Both at once, or they could be one.
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return (Port(first), Port(second));

        static int Port(Socket socket)
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
