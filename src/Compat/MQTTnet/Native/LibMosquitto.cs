using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>The functions of libmosquitto 2.0 that are used. Each handle is used by one thread only.</summary>
internal static unsafe partial class LibMosquitto
{
    public const int Success = 0;
    public const int NoConnection = 4;
    public const int ConnectionLost = 7;
    public const int TlsError = 8;
    public const int Errno = 14;
    public const int NameResolution = 15;
    public const int KeepAlive = 19;

    public const int OptionProtocolVersion = 1;
    public const int OptionReceiveMaximum = 4;
    public const int OptionSendMaximum = 5;
    public const int OptionNoDelay = 11;
    public const int OptionSystemCertificates = 13;

    public const int LogError = 8;

    private const string Library = "libmosquitto.so.1";

    // Not cached when it fails: the message stays the same sentence however often it is asked.
    private static readonly Lazy<bool> Initialized = new(Initialize, LazyThreadSafetyMode.PublicationOnly);

    public static void EnsureAvailable() => _ = Initialized.Value;

    public static string Describe(int code) => Marshal.PtrToStringUTF8(mosquitto_strerror(code)) ?? $"libmosquitto error {code}";

    private static bool Initialize()
    {
        Load(Library);
        _ = mosquitto_lib_init();
        return true;
    }

    private static void Load(string name)
    {
        if (!NativeLibrary.TryLoad(name, out _))
            throw new DllNotFoundException("libmosquitto is not installed: install the Debian/Ubuntu package libmosquitto1.");
    }

    [LibraryImport(Library)]
    private static partial int mosquitto_lib_init();

    [LibraryImport(Library)]
    private static partial nint mosquitto_strerror(int code);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint mosquitto_new(string? id, [MarshalAs(UnmanagedType.U1)] bool cleanStart, nint context);

    [LibraryImport(Library)]
    public static partial void mosquitto_destroy(nint handle);

    [LibraryImport(Library)]
    public static partial int mosquitto_int_option(nint handle, int option, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_username_pw_set(nint handle, string? userName, byte* password);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_will_set_v5(
        nint handle, string topic, int payloadLength, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_tls_set(nint handle, string? caFile, string? caPath, string? certificateFile, string? keyFile, nint passwordCallback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_tls_opts_set(nint handle, int verifyPeer, string? version, string? ciphers);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int mosquitto_connect_bind_v5(nint handle, string host, int port, int keepAlive, string? bindAddress, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int mosquitto_connect_bind_async(nint handle, string host, int port, int keepAlive, string? bindAddress);

    [LibraryImport(Library)]
    public static partial int mosquitto_disconnect_v5(nint handle, int reasonCode, nint properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int mosquitto_publish_v5(
        nint handle, int* messageId, string? topic, int payloadLength, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mosquitto_subscribe_multiple(nint handle, int* messageId, int count, nint* filters, int qos, int options, nint properties);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mosquitto_unsubscribe_multiple(nint handle, int* messageId, int count, nint* filters, nint properties);

    [LibraryImport(Library)]
    public static partial int mosquitto_socket(nint handle);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mosquitto_want_write(nint handle);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mosquitto_loop_read(nint handle, int maxPackets);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mosquitto_loop_write(nint handle, int maxPackets);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mosquitto_loop_misc(nint handle);

    [LibraryImport(Library)]
    public static partial void mosquitto_connect_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_disconnect_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_publish_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_message_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, Message*, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_subscribe_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_unsubscribe_v5_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial void mosquitto_log_callback_set(nint handle, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial int mosquitto_property_add_byte(nint* list, int identifier, byte value);

    [LibraryImport(Library)]
    public static partial int mosquitto_property_add_int16(nint* list, int identifier, ushort value);

    [LibraryImport(Library)]
    public static partial int mosquitto_property_add_int32(nint* list, int identifier, uint value);

    [LibraryImport(Library)]
    public static partial int mosquitto_property_add_varint(nint* list, int identifier, uint value);

    [LibraryImport(Library)]
    public static partial int mosquitto_property_add_binary(nint* list, int identifier, byte* value, ushort length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_property_add_string(nint* list, int identifier, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mosquitto_property_add_string_pair(nint* list, int identifier, string name, string value);

    [LibraryImport(Library)]
    public static partial void mosquitto_property_free_all(nint* list);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_byte(nint list, int identifier, byte* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_int16(nint list, int identifier, ushort* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_int32(nint list, int identifier, uint* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_varint(nint list, int identifier, uint* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_binary(nint list, int identifier, void** value, ushort* length, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_string(nint list, int identifier, void** value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library)]
    public static partial nint mosquitto_property_read_string_pair(nint list, int identifier, void** name, void** value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    /// <summary>struct mosquitto_message.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Id;
        public nint Topic;
        public nint Payload;
        public int PayloadLength;
        public int Qos;
        public byte Retain;
    }
}
