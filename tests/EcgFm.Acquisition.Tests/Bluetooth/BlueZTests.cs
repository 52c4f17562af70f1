using System.Text;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Bluetooth.HeartRate;
using EcgFm.Acquisition.Bluetooth.Polar;
using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.Acquisition.Tests.Bluetooth;

/// <summary>What may be wrong with an adapter, a device or the bus, and what a user is told.</summary>
public sealed class BlueZTests : BluetoothTest
{
    [Fact]
    public async Task Without_a_bus_the_packages_are_named()
    {
        var fault = await Fault(new PolarTransport("x", "unix:path=/nowhere/bus"));
        Assert.Equal((DeviceFault.NotFound, "Bluetooth: there is no message bus at unix:path=/nowhere/bus. Install the packages dbus and bluez."), (fault.Fault, fault.Message));
    }

    [Fact]
    public async Task Without_BlueZ_the_service_is_named()
    {
        await BlueZ.DisposeAsync();
        var fault = await Fault(new PolarTransport("x", Bus.Address));
        Assert.Equal(DeviceFault.NotFound, fault.Fault);
        Assert.Contains("sudo systemctl start bluetooth", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_policy_of_the_bus_forbids_is_a_matter_of_permission()
    {
        await using var strict = await MessageBus.StartAsync("<deny send_destination=\"org.bluez\"/>");
        await using var bluez = await StandInBlueZ.StartAsync(strict.Address, H10);
        var fault = await Fault(new PolarTransport("x", strict.Address));
        Assert.Equal(DeviceFault.PermissionDenied, fault.Fault);
        Assert.Contains("sudo usermod -aG bluetooth", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_is_off_or_missing_is_said_so()
    {
        BlueZ.Power(false);
        Assert.Contains("bluetoothctl power on", (await Fault(Strap())).Message, StringComparison.Ordinal);
        BlueZ.RemoveAdapter();
        Assert.Contains("no adapter", (await Fault(Strap())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_switched_off_during_the_search_ends_it()
    {
        BlueZ.InReach = false;
        BlueZ.Before = (call, _) =>
        {
            if (call == "StartDiscovery") Task.Run(() => BlueZ.Power(false));
        };
        Assert.Contains("bluetoothctl power on", (await Fault(Strap())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_out_of_reach_is_not_found()
    {
        BlueZ.InReach = false;
        var fault = await Fault(new PolarTransport(H10.Address, Bus.Address, TimeSpan.FromSeconds(0.2)));
        Assert.Equal(DeviceFault.NotFound, fault.Fault);
        Assert.Contains("wet electrodes", fault.Message, StringComparison.Ordinal);
        Assert.False(BlueZ.Discovering);
    }

    [Theory]
    [InlineData("drop", "connection was lost")]
    [InlineData("power", "switched off")]
    [InlineData("remove", "removed from BlueZ")]
    [InlineData("adapter", "adapter is gone")]
    [InlineData("bluetoothd", "BlueZ has ended")]
    [InlineData("bus", "message bus is gone")]
    public async Task A_line_that_is_cut_says_why(string how, string words)
    {
        foreach (var sockets in new[] { true, false })
        {
            await using var bus = await MessageBus.StartAsync();
            await using var bluez = await StandInBlueZ.StartAsync(bus.Address, H10, sockets);
            await using var line = await new PolarTransport(H10.Address, bus.Address).OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
            var reading = line.ReadAsync(new byte[1024]).AsTask();
            switch (how)
            {
                case "drop":
                    bluez.Drop();
                    break;
                case "power":
                    bluez.Power(false);
                    break;
                case "remove":
                    bluez.RemoveDevice();
                    break;
                case "adapter":
                    bluez.RemoveAdapter();
                    break;
                case "bluetoothd":
                    await bluez.DisposeAsync();
                    break;
                default:
                    await bus.KillAsync();
                    break;
            }

            var fault = await Assert.ThrowsAsync<DeviceException>(() => reading.WaitAsync(Patience));
            Assert.Equal(DeviceFault.Disconnected, fault.Fault);
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scan_tells_what_is_in_reach()
    {
        var found = Assert.Single(await BluetoothScan.RunAsync(TimeSpan.FromMilliseconds(200), Bus.Address));
        Assert.Equal((H10.Address, H10.Name, -60, false), (found.Address, found.Name, found.SignalDbm!.Value, found.Paired));
        Assert.Equal(H10.Advertised, found.Services.Select(service => service.ToString()));
        Assert.False(BlueZ.Discovering);
    }

    [Fact]
    public async Task A_second_client_is_told_that_the_device_is_busy()
    {
        BlueZ.OtherClient = true;
        var fault = await Fault(new GattTransport(H10.Address, new Guid("0000180d-0000-1000-8000-00805f9b34fb"), new Guid("fb005c82-02e7-f387-1cad-8acd2d8df0c8"), null, Bus.Address));
        Assert.Equal(DeviceFault.Busy, fault.Fault);
        Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_device_is_recognised()
    {
        await BlueZ.DisposeAsync();
        await using var bluez = await StandInBlueZ.StartAsync(Bus.Address, new EmulatedHeartRate());
        var fault = await Fault(Strap());
        Assert.Equal(DeviceFault.Unintelligible, fault.Fault);
        Assert.Contains("fb005c81", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_go_both_ways_over_Nordics_UART_in_pieces_that_the_link_carries()
    {
        await BlueZ.DisposeAsync();
        var uart = new EmulatedUart { Mtu = 23 };
        await using var bluez = await StandInBlueZ.StartAsync(Bus.Address, uart);
        await using var line = await GattTransport.NordicUart(uart.Address, Bus.Address).OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        var message = Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog.");
        await line.WriteAsync(message);
        Assert.Equal([20, 20, 4], uart.Pieces);

        var echo = new byte[message.Length];
        await line.ReadExactlyAsync(echo).AsTask().WaitAsync(Patience);
        Assert.Equal(message, echo);
    }

    [Fact]
    public async Task A_paired_device_gives_a_serial_line()
    {
        await BlueZ.DisposeAsync();
        await using var bluez = await StandInBlueZ.StartAsync(Bus.Address, new EmulatedUart { Paired = true });
        await using (var line = await new RfcommTransport("A0:9E:1A:12:34:56", Bus.Address).OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience))
        {
            await bluez.Serial!.SendAsync("hello"u8.ToArray());
            var bytes = new byte[5];
            await line.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
            Assert.Equal("hello"u8.ToArray(), bytes);
            await line.WriteAsync("world"u8.ToArray());
            Assert.Equal(5, await bluez.Serial.ReceiveAsync(bytes));

            bluez.Serial.Dispose();
            Assert.Equal(DeviceFault.Disconnected, (await Assert.ThrowsAsync<DeviceException>(() => line.ReadAsync(bytes).AsTask().WaitAsync(Patience))).Fault);
        }

        Assert.Contains("UnregisterProfile", bluez.Calls);
    }

    [Fact]
    public async Task A_serial_line_needs_pairing()
    {
        await BlueZ.DisposeAsync();
        await using var bluez = await StandInBlueZ.StartAsync(Bus.Address, new EmulatedUart());
        var fault = await Fault(new RfcommTransport("A0:9E:1A:12:34:56", Bus.Address));
        Assert.Equal(DeviceFault.PermissionDenied, fault.Fault);
        Assert.Contains("bluetoothctl pair A0:9E:1A:12:34:56", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heart_rate_sensor_tells_what_it_measures()
    {
        var got = new List<HeartRateMeasurement>();
        using (new HeartRateSensor(H10.Address, Bus.Address).Measurements().Subscribe(got.Add))
        {
            await AsyncWait.UntilAsync(() => BlueZ.Calls.Contains("AcquireNotify"));
            H10.Send!("00002a37-0000-1000-8000-00805f9b34fb", [0x10, 60, 0x00, 0x04, 0x00, 0x02]);
            await AsyncWait.UntilAsync(() => got.Count == 1);
        }

        await AsyncWait.UntilAsync(() => !BlueZ.Connected);
        Assert.Equal((60, null, null), (got[0].BeatsPerMinute, got[0].Contact, got[0].EnergyKilojoules));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5)], got[0].Intervals.AsEnumerable());
    }

    [Fact]
    public async Task A_heart_rate_sensor_that_never_speaks_has_stalled()
    {
        var (clock, plannedBefore) = (new VirtualScheduler(DateTimeOffset.UnixEpoch), 0);
        var end = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Opening has limits of its own.
        BlueZ.Before = (_, _) => plannedBefore += clock.Planned;
        using var subscription = new HeartRateSensor(H10.Address, Bus.Address, clock).Pulses().Subscribe(_ => { }, end.SetResult);
        await AsyncWait.UntilAsync(() => clock.Planned > 0);
        Assert.Equal((0, "AcquireNotify"), (plannedBefore, BlueZ.Calls[^1]));

        clock.AdvanceBy(TimeSpan.FromSeconds(9));
        Assert.False(end.Task.IsCompleted);
        clock.AdvanceBy(TimeSpan.FromSeconds(2));

        var fault = Assert.IsType<DeviceException>(await end.Task.WaitAsync(Patience));
        Assert.Equal((DeviceFault.Stalled, $"{H10.Address}: the sensor has said nothing for 10 s. Check that it is worn and its battery is not empty."), (fault.Fault, fault.Message));
        await AsyncWait.UntilAsync(() => !BlueZ.Connected);
    }

    [Fact]
    public async Task A_heart_rate_sensor_that_falls_silent_has_stalled_and_what_it_garbles_is_left_out()
    {
        var (clock, log, got) = (new VirtualScheduler(DateTimeOffset.UnixEpoch), new Frames.ListLogger(), new List<Core.Pulse>());
        var end = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = new HeartRateSensor(H10.Address, Bus.Address, clock, log).Pulses().Subscribe(got.Add, end.SetResult);
        await AsyncWait.UntilAsync(() => clock.Planned > 0);
        foreach (byte[] said in (byte[][])[[0x10], [0x11, 60], [0x06, 61]]) H10.Send!("00002a37-0000-1000-8000-00805f9b34fb", said);
        await AsyncWait.UntilAsync(() => got.Count == 1 && clock.Planned > 0);

        clock.AdvanceBy(TimeSpan.FromSeconds(11));

        Assert.Equal((61.0, true), (got[0].HeartRate, got[0].Contact));
        Assert.Equal(DeviceFault.Stalled, Assert.IsType<DeviceException>(await end.Task.WaitAsync(Patience)).Fault);
        Assert.Single(log.Lines, line => line.EndsWith("It is left out.", StringComparison.Ordinal));
        await AsyncWait.UntilAsync(() => !BlueZ.Connected);
    }

    [Theory]
    [InlineData("0048", 72, null, null, 0)]
    [InlineData("06AA", 170, true, null, 0)]
    [InlineData("04AA", 170, false, null, 0)]
    [InlineData("010401", 260, null, null, 0)]
    [InlineData("1F0401E803000400040004", 260, true, 1000, 3)]
    public void A_heart_rate_measurement_is_read_by_its_flags(string hex, int rate, bool? contact, int? energy, int intervals)
    {
        var read = HeartRateMeasurement.Parse(Convert.FromHexString(hex));
        Assert.Equal((rate, contact, energy, intervals), (read.BeatsPerMinute, read.Contact, read.EnergyKilojoules, read.Intervals.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0148")]
    [InlineData("0848")]
    [InlineData("104800")]
    public void A_heart_rate_measurement_that_is_too_short_is_refused(string hex) =>
        Assert.Throws<FormatException>(() => HeartRateMeasurement.Parse(Convert.FromHexString(hex)));

    [Fact]
    public async Task Thirty_connections_leave_no_descriptor_and_no_thread_behind()
    {
        await Cycle();
        var before = Count();
        for (var i = 0; i < 30; i++) await Cycle();
        await AsyncWait.UntilAsync(() => Count() is var now && now.Sockets <= before.Sockets && now.Threads <= before.Threads);

        async Task Cycle()
        {
            await using var line = await Strap().OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
            H10.SendPacket();
            Assert.True(await line.ReadAsync(new byte[1024]).AsTask().WaitAsync(Patience) > 0);
        }

        // Of ours: other tests run beside this one.
        (int Sockets, int Threads) Count() => (
            Directory.GetFiles("/proc/self/fd").Count(fd => Target(fd) is var target && target.Contains("eventfd", StringComparison.Ordinal)),
            Directory.GetDirectories("/proc/self/task").Count(task => Text(Path.Combine(task, "comm")).Trim() == "dbus"));

        static string Target(string fd)
        {
            try
            {
                return new FileInfo(fd).LinkTarget ?? "";
            }
            catch (IOException)
            {
                return "";
            }
        }

        static string Text(string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    private PolarTransport Strap() => new(H10.Address, Bus.Address, Patience);

    private static Task<DeviceException> Fault(Acquisition.Transports.IByteTransport transport) =>
        Assert.ThrowsAsync<DeviceException>(() => transport.OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
}
