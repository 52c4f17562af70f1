using System.Net;
using System.Net.Sockets;

namespace MQTTnet.Tests;

/// <summary>Takes connections and never says a word of its own.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> clients = [];

    public SilentServer() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Completes when a client has connected and sent its first byte.</summary>
    public async Task ContactedAsync()
    {
        var client = await listener.AcceptTcpClientAsync();
        clients.Add(client);
        _ = await client.GetStream().ReadAsync(new byte[1]);
    }

    /// <summary>Sends bytes to the client that came last.</summary>
    public async Task SayAsync(byte[] bytes) => await clients[^1].GetStream().WriteAsync(bytes);

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
        listener.Dispose();
    }
}
