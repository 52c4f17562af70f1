using System.Net.Sockets;

namespace EcgFm.Acquisition.Transports;

/// <summary>A TCP connection, as serial servers offer it (<c>ser2net</c> in raw mode, <c>socat</c>).</summary>
/// <param name="host">Name or address of the server.</param>
/// <param name="port">Its port.</param>
/// <param name="connectWithin">How long it is waited for; 5 s unless given. One whose packets vanish on the way would be tried for two minutes.</param>
public sealed class TcpTransport(string host, int port, TimeSpan? connectWithin = null) : IByteTransport
{
    private readonly TimeSpan _connectWithin = connectWithin ?? TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name { get; } = $"tcp://{host}:{port}";

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(_connectWithin);
        try
        {
            await client.ConnectAsync(host, port, late.Token).ConfigureAwait(false);
            client.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            return new LiveStream(client.GetStream(), client, Name);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            client.Dispose();
            var why = e is SocketException ? e.Message : $"not within {_connectWithin.TotalSeconds:0.#} s";
            throw new DeviceException(DeviceFault.NotFound, $"{Name}: nobody answers there ({why}). Check the address and the serial server.", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
