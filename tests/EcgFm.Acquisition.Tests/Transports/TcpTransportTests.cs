using System.Net;
using System.Net.Sockets;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Tests.Transports;

public class TcpTransportTests
{
    private readonly Recorder _got = new();

    [Fact]
    public async Task Frames_come_through_and_the_end_of_the_connection_is_a_cut()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        using var subscription = new EcgDevice(new TcpTransport("127.0.0.1", port)).Blocks().Subscribe(_got);

        using (var client = await server.AcceptTcpClientAsync())
        {
            await client.GetStream().WriteAsync(FrameSamples.Line(new FrameEncoder(FrameSamples.Format()), 100, 10).Joined());
            await _got.Reached(100);
        }

        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.Disconnected, fault.Fault);
        Assert.StartsWith($"tcp://127.0.0.1:{port}: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_found()
    {
        int port;
        using (var server = new TcpListener(IPAddress.Loopback, 0))
        {
            server.Start();
            port = ((IPEndPoint)server.LocalEndpoint).Port;
        }

        using var subscription = new EcgDevice(new TcpTransport("127.0.0.1", port)).Blocks().Subscribe(_got);

        Assert.Equal(DeviceFault.NotFound, (await _got.FaultAsync()).Fault);
    }

    [Fact]
    public async Task Where_packets_vanish_nothing_is_found_either()
    {
        // A queue of one, from which nobody takes: Linux leaves the next one without an answer.
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start(0);
        var there = (IPEndPoint)server.LocalEndpoint;
        using var queued = new TcpClient();
        await queued.ConnectAsync(there);

        using var subscription = new EcgDevice(new TcpTransport("127.0.0.1", there.Port, TimeSpan.FromSeconds(0.2))).Blocks().Subscribe(_got);

        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.NotFound, fault.Fault);
        Assert.Contains("nobody answers there (not within 0.2 s)", fault.Message, StringComparison.Ordinal);
    }
}
