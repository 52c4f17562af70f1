using System.Reactive.Concurrency;
using EcgFm.Acquisition.Transports;
using EcgFm.Core;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Devices;

/// <summary>A device with the project's own frame on a serial port: the port and the baud rate are all that it needs.</summary>
public sealed class SerialEcgDevice : IEcgSource
{
    private readonly EcgDevice _device;

    /// <param name="port">The port, best by its stable name below <c>/dev/serial/by-id</c>.</param>
    /// <param name="baudRate">Bits per second, as the device has them.</param>
    /// <param name="options">How the line is watched; null means <see cref="DeviceOptions.Default"/>.</param>
    /// <param name="scheduler">The clock of arrivals and of the watch over the line; null means the host's.</param>
    /// <param name="log">Gets a line when a device is recognised, when it restarts, and for each outage.</param>
    public SerialEcgDevice(string port, int baudRate, DeviceOptions? options = null, IScheduler? scheduler = null, ILogger? log = null) =>
        _device = new EcgDevice(new SerialTransport(port, baudRate), DeviceProfile.EcgFm, options, scheduler, log);

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <summary>What was delivered and lost so far, over all connections.</summary>
    public DeviceStatistics Statistics => _device.Statistics;

    /// <inheritdoc/>
    /// <remarks>
    /// A block for each frame. The stream never completes; it ends in a <see cref="DeviceException"/> of the kinds <see cref="DeviceFault.NotFound"/>,
    /// <see cref="DeviceFault.Busy"/>, <see cref="DeviceFault.PermissionDenied"/>, <see cref="DeviceFault.Disconnected"/>, <see cref="DeviceFault.Stalled"/>,
    /// <see cref="DeviceFault.Unintelligible"/> or <see cref="DeviceFault.Reconfigured"/>.
    /// </remarks>
    public IObservable<EcgBlock> Blocks() => _device.Blocks();
}
