using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>The part of libsystemd's sd-bus that is used, none of it variadic; each function is described in its manual page of the same name.</summary>
/// <remarks>Functions give a negative errno when they fail. A bus and its messages belong to one thread.</remarks>
internal static unsafe partial class LibSystemd
{
    private const string Library = "libsystemd.so.0";

    /// <summary>Message types of the D-Bus specification.</summary>
    public const byte MethodCall = 1, MethodReturn = 2, MethodError = 3, Signal = 4;

    [StructLayout(LayoutKind.Sequential)]
    public struct Error
    {
        public nint Name;
        public nint Message;
        public int NeedsFree;
    }

    [LibraryImport(Library)]
    public static partial int sd_bus_new(out nint bus);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_bus_set_address(nint bus, string address);

    [LibraryImport(Library)]
    public static partial int sd_bus_set_bus_client(nint bus, int yes);

    [LibraryImport(Library)]
    public static partial int sd_bus_start(nint bus);

    [LibraryImport(Library)]
    public static partial nint sd_bus_flush_close_unref(nint bus);

    [LibraryImport(Library)]
    public static partial int sd_bus_get_fd(nint bus);

    [LibraryImport(Library)]
    public static partial int sd_bus_get_events(nint bus);

    [LibraryImport(Library)]
    public static partial int sd_bus_get_timeout(nint bus, out ulong microseconds);

    [LibraryImport(Library)]
    public static partial int sd_bus_process(nint bus, nint message);

    [LibraryImport(Library)]
    public static partial int sd_bus_add_filter(nint bus, out nint slot, delegate* unmanaged[Cdecl]<nint, nint, nint, int> callback, nint userData);

    [LibraryImport(Library)]
    public static partial nint sd_bus_slot_unref(nint slot);

    [LibraryImport(Library)]
    public static partial int sd_bus_send(nint bus, nint message, out ulong cookie);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_bus_message_new_method_call(nint bus, out nint message, string destination, string path, string @interface, string member);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_bus_message_new_signal(nint bus, out nint message, string path, string @interface, string member);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_new_method_return(nint call, out nint message);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_new_method_error(nint call, out nint message, in Error error);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_ref(nint message);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_unref(nint message);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_get_type(nint message, out byte type);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_get_reply_cookie(nint message, out ulong cookie);

    [LibraryImport(Library)]
    public static partial Error* sd_bus_message_get_error(nint message);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_get_sender(nint message);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_get_path(nint message);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_get_interface(nint message);

    [LibraryImport(Library)]
    public static partial nint sd_bus_message_get_member(nint message);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_peek_type(nint message, out byte type, out nint contents);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_read_basic(nint message, byte type, void* value);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_read_array(nint message, byte type, out nint data, out nuint size);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_enter_container(nint message, byte type, nint contents);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_exit_container(nint message);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_append_basic(nint message, byte type, void* value);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_append_array(nint message, byte type, void* data, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_bus_message_open_container(nint message, byte type, string contents);

    [LibraryImport(Library)]
    public static partial int sd_bus_message_close_container(nint message);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(Poll* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, void* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, void* buffer, nuint size);

    /// <summary>fcntl(2) with an integer, as it is called for F_DUPFD_CLOEXEC.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc")]
    private static partial nint strerror(int error);

    /// <summary>Throws what a function's negative errno means.</summary>
    public static int Check(int result, [CallerArgumentExpression(nameof(result))] string call = "") => result >= 0
        ? result
        : throw new DBusException("org.freedesktop.DBus.Error.Failed", $"{call[..Math.Max(0, call.IndexOf('(', StringComparison.Ordinal))].Trim()}: {Marshal.PtrToStringUTF8(strerror(-result))}");

    public static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    [StructLayout(LayoutKind.Sequential)]
    public struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
