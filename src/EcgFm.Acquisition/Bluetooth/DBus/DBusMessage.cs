namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>A signal or a call that came over the bus, read to its end.</summary>
/// <param name="Sender">The unique name of the sender.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The signal or method.</param>
/// <param name="Arguments">
/// The arguments as .NET values: numbers, bool, string (object paths too), byte[] for <c>ay</c>, <see cref="Dictionary{TKey,TValue}"/> of string for dictionaries
/// by text, object?[] for other arrays and structures, <see cref="Microsoft.Win32.SafeHandles.SafeFileHandle"/> for descriptors; a variant is its content.
/// </param>
internal sealed record DBusMessage(string Sender, string Path, string Interface, string Member, object?[] Arguments);
