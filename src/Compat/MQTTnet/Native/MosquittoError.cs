using System.ComponentModel;
using System.Net.Sockets;

namespace MQTTnet.Native;

/// <summary>libmosquitto's and the system's error codes as exceptions.</summary>
internal static class MosquittoError
{
    /// <summary>Whether the code means that there is no connection any more, and not that something was asked wrongly.</summary>
    public static bool IsLoss(int code) => code is LibMosquitto.NoConnection or LibMosquitto.ConnectionLost or LibMosquitto.TlsError or LibMosquitto.Errno;

    public static Exception FromCode(int code, int errno) => code switch
    {
        LibMosquitto.Errno => FromErrno(errno),
        LibMosquitto.NameResolution => new SocketException((int)SocketError.HostNotFound),
        LibMosquitto.ConnectionLost => new SocketException((int)SocketError.ConnectionReset),
        LibMosquitto.KeepAlive => new TimeoutException("The server was silent for longer than the keep-alive period."),
        _ => new IOException(LibMosquitto.Describe(code)),
    };

    public static Exception FromErrno(int errno) => errno switch
    {
        101 => new SocketException((int)SocketError.NetworkUnreachable),
        104 => new SocketException((int)SocketError.ConnectionReset),
        110 => new SocketException((int)SocketError.TimedOut),
        111 => new SocketException((int)SocketError.ConnectionRefused),
        113 => new SocketException((int)SocketError.HostUnreachable),
        _ => new Win32Exception(errno),
    };
}
