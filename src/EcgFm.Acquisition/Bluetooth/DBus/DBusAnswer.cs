namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>The answer of an own object to a call; a <see cref="DBusException"/> becomes an error.</summary>
/// <param name="Signature">The complete types of the results.</param>
/// <param name="Results">The results, perhaps later.</param>
internal sealed record DBusAnswer(string Signature, Task<object?[]> Results)
{
    /// <summary>Done, without result.</summary>
    public static DBusAnswer Done { get; } = new("", Task.FromResult<object?[]>([]));

    /// <summary>Refused.</summary>
    public static DBusAnswer Error(string name, string message) => new("", Task.FromException<object?[]>(new DBusException(name, message)));
}
