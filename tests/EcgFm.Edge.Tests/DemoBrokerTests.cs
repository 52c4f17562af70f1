using System.Net;
using System.Net.Sockets;
using EcgFm.Edge.Demo;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

/// <summary>The demonstration's own Mosquitto.</summary>
public sealed class DemoBrokerTests
{
    [Fact]
    public async Task A_port_that_somebody_took_meanwhile_is_neither_the_end_nor_taken_for_the_broker()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var (port, webSocketPort) = (MosquittoBroker.FreePort(), MosquittoBroker.FreePort());
        var ports = new Queue<(int, int)>([(taken, webSocketPort), (port, taken), (port, webSocketPort)]);
        await using var broker = await DemoBroker.StartAsync(ports.Dequeue, CancellationToken.None);

        Assert.Equal((port, webSocketPort), (broker.Address.Port, broker.WebSocket.Port));
        foreach (var listening in new[] { port, webSocketPort })
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, listening);
        }
    }

    [Fact]
    public async Task Ports_that_are_always_taken_end_in_what_Mosquitto_says()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var fault = await Assert.ThrowsAsync<IOException>(() => DemoBroker.StartAsync(() => (taken, taken), CancellationToken.None));
        Assert.Contains("Address already in use", fault.Message, StringComparison.Ordinal);
    }
}
