using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EcgFm.Acquisition.Profiles;

namespace EcgFm.Acquisition.Transports;

/// <summary>Makes the line to a device from what its profile says and where the configuration says that it is.</summary>
public static class DeviceLines
{
    private const string TcpScheme = "tcp://";

    /// <summary>Opens nothing yet.</summary>
    /// <param name="profile">The device.</param>
    /// <param name="port">A serial port, <c>tcp://HOST:PORT</c>, or the address of a Bluetooth device.</param>
    /// <param name="baudRate">Bits per second of a serial port; null means the profile's.</param>
    /// <exception cref="NotSupportedException">This program cannot open such a line.</exception>
    public static IByteTransport Create(DeviceProfile profile, string port, int? baudRate = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (TryParseTcp(port, out var host, out var number)) return new TcpTransport(host, number);
        return profile.Transport.Kind switch
        {
            TransportKind.Serial or TransportKind.Tcp => new SerialTransport(port, baudRate ?? profile.Transport.BaudRate),
            _ => throw new NotSupportedException($"Profile {profile.Name}: this program cannot open a line of the kind {profile.Transport.Kind}."),
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
