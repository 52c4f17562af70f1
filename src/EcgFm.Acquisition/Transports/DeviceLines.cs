using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Bluetooth.Polar;
using EcgFm.Acquisition.Profiles;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Transports;

/// <summary>Makes the line to a device from what its profile says and where the configuration says that it is.</summary>
public static class DeviceLines
{
    private const string TcpScheme = "tcp://";

    /// <summary>Opens nothing yet.</summary>
    /// <param name="profile">The device.</param>
    /// <param name="port">A serial port, <c>tcp://HOST:PORT</c>, or the address of a Bluetooth device.</param>
    /// <param name="baudRate">Bits per second of a serial port; null means the profile's.</param>
    /// <param name="log">Gets what is odd about the line and goes on all the same.</param>
    /// <param name="bus">The message bus on which BlueZ is; the system's unless given.</param>
    /// <param name="serial">The Serial Port Profile of the program, which its beds must share; one for this line alone unless given.</param>
    public static IByteTransport Create(DeviceProfile profile, string port, int? baudRate = null, ILogger? log = null, string? bus = null, SerialPortProfile? serial = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (TryParseTcp(port, out var host, out var number)) return new TcpTransport(host, number);
        return profile.Transport.Kind switch
        {
            TransportKind.BleNotify when profile.Framing.Kind == "polar-pmd" => new PolarTransport(port, bus, log: log),
            TransportKind.BleNotify => new GattTransport(port, profile.Transport.Service!.Value, profile.Transport.Notify!.Value, profile.Transport.Write, bus),
            TransportKind.Rfcomm => new RfcommTransport(port, serial ?? new SerialPortProfile(bus)),
            _ => new SerialTransport(port, baudRate ?? profile.Transport.BaudRate),
        };
    }

    /// <summary>Takes <c>tcp://HOST:PORT</c> apart; false when it is none.</summary>
    public static bool TryParseTcp(string text, [NotNullWhen(true)] out string? host, out int port)
    {
        ArgumentNullException.ThrowIfNull(text);
        (host, port) = (null, 0);
        var colon = text.LastIndexOf(':');
        if (!text.StartsWith(TcpScheme, StringComparison.OrdinalIgnoreCase) || colon <= TcpScheme.Length) return false;
        host = text[TcpScheme.Length..colon].Trim('[', ']');
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536;
    }
}
