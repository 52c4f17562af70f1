using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EcgFm.Testing;

/// <summary>A line between a client and a server on loopback that can be cut, and that can fall silent while both ends believe that it stands.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly long _most;
    private volatile bool _silent;
    private volatile TaskCompletionSource? _held;
    private int _holding;
    private Task _accepting = Task.CompletedTask;

    private TcpProxy(int target, long most) => (_target, _most) = (target, most);

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts a proxy for a port of this machine.</summary>
    /// <param name="target">The port.</param>
    /// <param name="most">The bytes that a line carries in either direction; what carries more is cut.</param>
    public static Task<TcpProxy> StartAsync(int target, long most = long.MaxValue)
    {
        var proxy = new TcpProxy(target, most);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return Task.FromResult(proxy);
    }

    /// <summary>From now on everything is taken and nothing is passed on, in either direction, on lines that stand and on new ones.</summary>
    public void FallSilent() => _silent = true;

    /// <summary>Ends the silence. What was taken in it is lost, so the lines that stood are cut.</summary>
    public void Speak()
    {
        Cut();
        _silent = false;
    }

    /// <summary>Whether something was taken since <see cref="Hold"/> and not passed on yet.</summary>
    public bool Holds => Volatile.Read(ref _holding) > 0;

    /// <summary>From now on what is taken is kept back, in either direction, as by a line so narrow that nothing has come through yet.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on what was kept back, and all that follows.</summary>
    public void Release()
    {
        _held?.SetResult();
        _held = null;
    }

    /// <summary>Ends all lines that stand.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys) client.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _open[client] = _open[server] = 0;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            // The server is away, or the line was cut.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var (source, target, buffer) = (from.GetStream(), to.GetStream(), new byte[1 << 16]);
            var carried = 0L;
            while (await source.ReadAsync(buffer, _end.Token) is var length and > 0 && (carried += length) <= _most)
            {
                if (_held is { } held)
                {
                    Interlocked.Increment(ref _holding);
                    await held.Task.WaitAsync(_end.Token);
                    Interlocked.Decrement(ref _holding);
                }

                if (!_silent) await target.WriteAsync(buffer.AsMemory(0, length), _end.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One end is gone; the other follows.
        }
    }
}
