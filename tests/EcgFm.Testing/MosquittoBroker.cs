using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EcgFm.Testing;

/// <summary>
/// A Mosquitto of the test's own, on a free loopback port and in a folder of its own. It can be stopped, killed, frozen and started again
/// on the same port. Disposing ends it and removes the folder.
/// </summary>
public sealed partial class MosquittoBroker : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private const int PortAttempts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MosquittoBrokerOptions options;
    private readonly StringBuilder log = new();
    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("ecgfm-mosquitto-");
    private Process? process;

    private MosquittoBroker(MosquittoBrokerOptions options)
    {
        this.options = options;
    }

    /// <summary>Always loopback; the name "localhost" works too.</summary>
    public string Host => "127.0.0.1";

    /// <summary>The port; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The port for browsers, the same after a restart; 0 unless they were asked for.</summary>
    public int WebSocketPort { get; private set; }

    /// <summary>The folder with its configuration, for files of the test's own.</summary>
    public string Directory => folder.FullName;

    /// <summary>Whether it runs (frozen or not).</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>What it has said so far, restarts included.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    /// <summary>Starts a broker and waits until it takes connections.</summary>
    public static async Task<MosquittoBroker> StartAsync(MosquittoBrokerOptions? options = null)
    {
        var broker = new MosquittoBroker(options ?? new MosquittoBrokerOptions());
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                broker.Port = FreePort();
                if (broker.options.WebSockets) broker.WebSocketPort = FreePort();
                try
                {
                    await broker.StartAgainAsync().ConfigureAwait(false);
                    return broker;
                }
                catch (InvalidOperationException) when (attempt < PortAttempts && (broker.Log.Contains("Address already in use", StringComparison.Ordinal) || broker.Log.Contains("Unable to create websockets listener", StringComparison.Ordinal)))
                {
                    // Somebody took the port in between.
                }
            }
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts it again on the same port after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        if (IsRunning)
            throw new InvalidOperationException("The broker is running.");

        process?.Dispose();
        var configuration = Path.Combine(Directory, "mosquitto.conf");
        await File.WriteAllLinesAsync(configuration, Configuration()).ConfigureAwait(false);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Executable(), ["-c", configuration]) { RedirectStandardError = true },
            EnableRaisingEvents = true,
        };
        process.ErrorDataReceived += (_, line) => Note(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"Mosquitto ended:\n{Log}"));
        _ = process.Start();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience).ConfigureAwait(false);
        using var probe = new TcpClient();
        await probe.ConnectAsync(IPAddress.Loopback, Port).ConfigureAwait(false);
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public Task StopAsync() => EndAsync(SigTerm);

    /// <summary>Ends it abruptly.</summary>
    public Task KillAsync() => EndAsync(SigKill);

    /// <summary>Makes it fall silent: its connections stay open and nothing is answered any more.</summary>
    public void Freeze() => Signal(SigStop);

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal(SigContinue);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await KillAsync().ConfigureAwait(false);
        process?.Dispose();
        process = null;
        if (folder.Exists)
            folder.Delete(recursive: true);
    }

    private static string Executable()
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), "/usr/sbin", "/usr/local/sbin"];
        return folders.Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Mosquitto is not installed: install the Debian/Ubuntu package mosquitto.");
    }

    /// <summary>
    /// A port that nobody listens on. It lies below those that Linux gives to whoever asks for any (from 32768), connections to others among them:
    /// between this moment and the one when it is used, nobody gets it who does not ask for it by its number.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_768));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another, then.
            }
        }
    }

    /// <summary>A line of Mosquitto's password file: PBKDF2 with SHA-512, its format 7.</summary>
    public static string PasswordLine(string user, string password)
    {
        const int Iterations = 101;
        const int HashLength = 64;
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, HashLength);
        return string.Create(CultureInfo.InvariantCulture, $"{user}:$7${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private IEnumerable<string> Configuration()
    {
        if (options.Whole is { } whole)
            return whole(Directory, Port);

        List<string> lines = [string.Create(CultureInfo.InvariantCulture, $"listener {Port} 127.0.0.1")];
        if (options.Tls is { } certificates)
        {
            lines.Add($"cafile {Write("ca.pem", certificates.Authority.ExportCertificatePem())}");
            lines.Add($"certfile {Write("server.pem", certificates.Server.ExportCertificatePem())}");
            lines.Add($"keyfile {Write("server.key", certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}");
            lines.Add($"require_certificate {(options.RequireClientCertificate ? "true" : "false")}");
        }

        // A broker started by root would change its user, and then not read its folder.
        lines.Add($"user {Environment.UserName}");
        lines.Add("log_dest stderr");
        lines.Add("log_type all");
        lines.Add("set_tcp_nodelay true");
        lines.Add($"allow_anonymous {(options.Users.Count == 0 ? "true" : "false")}");
        if (options.Users.Count > 0)
            lines.Add($"password_file {Write("passwords", string.Concat(options.Users.Select(user => PasswordLine(user.Key, user.Value) + "\n")))}");
        if (options.Persistence)
        {
            lines.Add("persistence true");
            lines.Add($"persistence_location {Directory}/");
            lines.Add("autosave_on_changes true");
            lines.Add("autosave_interval 1");
        }

        lines.AddRange(options.Lines);
        if (options.WebSockets)
            // Without the domain, Mosquitto 2.0.11 opens it to all the world (eclipse-mosquitto/mosquitto#2085).
            lines.AddRange([string.Create(CultureInfo.InvariantCulture, $"listener {WebSocketPort} 127.0.0.1"), "protocol websockets", "socket_domain ipv4"]);
        return lines;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Note(string? line, TaskCompletionSource ready)
    {
        if (line is null)
            return;

        lock (log)
            _ = log.AppendLine(line);
        if (line.EndsWith(" running", StringComparison.Ordinal))
            _ = ready.TrySetResult();
    }

    private async Task EndAsync(int signal)
    {
        if (process is null)
            return;

        Signal(signal);
        if (signal != SigKill)
            Signal(SigContinue);
        await process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
    }

    private void Signal(int signal)
    {
        if (IsRunning)
            _ = SendSignal(process!.Id, signal);
    }
}
