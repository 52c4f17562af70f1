namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>What a call over the bus was answered with instead of a result.</summary>
/// <param name="name">The error's name, such as <c>org.bluez.Error.NotReady</c>.</param>
/// <param name="message">What the answerer said.</param>
internal sealed class DBusException(string name, string message) : IOException($"{name}: {message}")
{
    public const string Disconnected = "org.freedesktop.DBus.Error.Disconnected";
    public const string NoReply = "org.freedesktop.DBus.Error.NoReply";
    public const string ServiceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown";
    public const string AccessDenied = "org.freedesktop.DBus.Error.AccessDenied";
    public const string UnknownObject = "org.freedesktop.DBus.Error.UnknownObject";
    public const string UnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";

    /// <summary>The error's name.</summary>
    public string Name { get; } = name;

    /// <summary>What the answerer said, without the name.</summary>
    public string Said { get; } = message;
}
