using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static EcgFm.Acquisition.Bluetooth.DBus.LibSystemd;

namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>Translates between the arguments of a message and .NET values, as <see cref="DBusMessage"/> lists them.</summary>
internal static unsafe class DBusArguments
{
    private const int DuplicateCloseOnExec = 1030;

    public static object?[] Read(nint message)
    {
        var values = new List<object?>();
        while (Check(sd_bus_message_peek_type(message, out var type, out var contents)) > 0) values.Add(ReadOne(message, (char)type, contents));
        return [.. values];
    }

    /// <summary>Appends values by a signature of complete types, one for each value.</summary>
    public static void Append(nint message, string signature, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            var length = Complete(signature);
            AppendOne(message, signature[..length], value!);
            signature = signature[length..];
        }
    }

    private static object? ReadOne(nint message, char type, nint contents)
    {
        switch (type)
        {
            case 'a' when Text(contents) == "y":
                Check(sd_bus_message_read_array(message, (byte)'y', out var data, out var size));
                return new ReadOnlySpan<byte>((void*)data, (int)size).ToArray();
            case 'a':
                var dictionary = Text(contents) is ['{', 's' or 'o', ..];
                Check(sd_bus_message_enter_container(message, (byte)type, contents));
                var items = Read(message);
                Check(sd_bus_message_exit_container(message));
                return dictionary ? items.Cast<object?[]>().ToDictionary(entry => (string)entry[0]!, entry => entry[1]) : items;
            case 'r' or 'e' or 'v':
                Check(sd_bus_message_enter_container(message, (byte)type, contents));
                var parts = Read(message);
                Check(sd_bus_message_exit_container(message));
                return type == 'v' ? parts[0] : parts;
            default:
                long bits = 0;
                Check(sd_bus_message_read_basic(message, (byte)type, &bits));
                return type switch
                {
                    's' or 'o' or 'g' => Text((nint)bits),
                    'b' => (int)bits != 0,
                    'y' => (byte)bits,
                    'n' => (short)bits,
                    'q' => (ushort)bits,
                    'i' => (int)bits,
                    'u' => (uint)bits,
                    'x' => bits,
                    't' => (ulong)bits,
                    'd' => BitConverter.Int64BitsToDouble(bits),
                    // The message keeps its own and closes it.
                    'h' => new SafeFileHandle(fcntl((int)bits, DuplicateCloseOnExec, 0), ownsHandle: true),
                    _ => throw new DBusException("org.freedesktop.DBus.Error.InvalidSignature", $"the type '{type}' is unknown"),
                };
        }
    }

    private static void AppendOne(nint message, string signature, object value)
    {
        long bits;
        switch (signature[0])
        {
            case 's' or 'o' or 'g':
                fixed (byte* text = Encoding.UTF8.GetBytes((string)value + '\0')) Check(sd_bus_message_append_basic(message, (byte)signature[0], text));
                return;
            case 'a' when signature == "ay":
                fixed (byte* bytes = (byte[])value) Check(sd_bus_message_append_array(message, (byte)'y', bytes, (nuint)((byte[])value).Length));
                return;
            case 'a':
                Check(sd_bus_message_open_container(message, (byte)'a', signature[1..]));
                if (value is IDictionary dictionary)
                    foreach (DictionaryEntry entry in dictionary)
                    {
                        Check(sd_bus_message_open_container(message, (byte)'e', signature[2..^1]));
                        Append(message, signature[2..^1], [entry.Key, entry.Value]);
                        Check(sd_bus_message_close_container(message));
                    }
                else
                    foreach (var item in (IEnumerable)value) AppendOne(message, signature[1..], item);
                Check(sd_bus_message_close_container(message));
                return;
            case 'v':
                var inner = SignatureOf(value);
                Check(sd_bus_message_open_container(message, (byte)'v', inner));
                AppendOne(message, inner, value);
                Check(sd_bus_message_close_container(message));
                return;
            case 'h':
                var handle = (SafeHandle)value;
                var held = false;
                try
                {
                    handle.DangerousAddRef(ref held);
                    bits = (int)handle.DangerousGetHandle();
                    Check(sd_bus_message_append_basic(message, (byte)'h', &bits));
                }
                finally
                {
                    if (held) handle.DangerousRelease();
                }

                return;
            case var basic:
                bits = value switch
                {
                    bool flag => flag ? 1 : 0,
                    byte number => number,
                    short number => number,
                    ushort number => number,
                    int number => number,
                    uint number => number,
                    _ => throw new ArgumentException($"A {value.GetType().Name} cannot be sent as '{basic}'.", nameof(value)),
                };
                Check(sd_bus_message_append_basic(message, (byte)basic, &bits));
                return;
        }
    }

    /// <summary>What a variant says of its content.</summary>
    private static string SignatureOf(object value) => value switch
    {
        string text when text.StartsWith('/') => "o",
        string => "s",
        bool => "b",
        byte[] => "ay",
        short => "n",
        ushort => "q",
        int => "i",
        uint => "u",
        string[] => "as",
        _ => throw new ArgumentException($"A {value.GetType().Name} has no place in a variant.", nameof(value)),
    };

    /// <summary>The length of the first complete type.</summary>
    private static int Complete(string signature)
    {
        var at = 0;
        while (signature[at] == 'a') at++;
        if (signature[at] is not ('{' or '(')) return at + 1;
        for (var depth = 0; ;)
        {
            if (signature[at] is '{' or '(') depth++;
            if (signature[at++] is '}' or ')' && --depth == 0) return at;
        }
    }
}
