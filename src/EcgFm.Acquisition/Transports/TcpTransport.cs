using System.Net.Sockets;

namespace EcgFm.Acquisition.Transports;

/// <summary>A TCP connection, as serial servers offer it (<c>ser2net</c> in raw mode, <c>socat</c>).</summary>
/// <param name="host">Name or address of the server.</param>
/// <param name="port">Its port.</param>
public sealed class TcpTransport(string host, int port) : IByteTransport
{
    /// <inheritdoc/>
    public string Name { get; } = $"tcp://{host}:{port}";

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            client.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            return new LiveStream(client.GetStream(), client, Name);
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw new DeviceException(DeviceFault.NotFound, $"{Name}: nobody answers there ({e.Message}). Check the address and the serial server.", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
