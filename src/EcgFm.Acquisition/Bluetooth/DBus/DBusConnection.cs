using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static EcgFm.Acquisition.Bluetooth.DBus.LibSystemd;

namespace EcgFm.Acquisition.Bluetooth.DBus;

/// <summary>A connection with a message bus: calls, signals and, where somebody calls back, own objects.</summary>
/// <remarks>
/// A thread of its own owns the bus, for sd-bus belongs to one thread; everything else is handed over to it. Handlers run on that thread, in the order of the bus,
/// and none runs after <see cref="DisposeAsync"/> has completed.
/// </remarks>
internal sealed class DBusConnection : IAsyncDisposable
{
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const short PollIn = 1;

    /// <summary>How soon the bus looks at its own time-outs (those of the greeting).</summary>
    private const int TickMilliseconds = 500;

    private readonly ConcurrentQueue<Action> _work = new();
    private readonly Dictionary<ulong, TaskCompletionSource<object?[]>> _calls = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SafeFileHandle _wakeup;
    private readonly GCHandle _self;
    private readonly nint _bus;
    private readonly nint _filter;
    private Func<DBusMessage, DBusAnswer?>? _objects;
    private Action<DBusMessage>? _signals;
    private volatile bool _stop;
    private volatile bool _closed;

    private unsafe DBusConnection(string address)
    {
        _wakeup = new SafeFileHandle(eventfd(0, CloseOnExec | NonBlocking), ownsHandle: true);
        _self = GCHandle.Alloc(this);
        try
        {
            Check(sd_bus_new(out _bus));
            Check(sd_bus_set_address(_bus, address));
            Check(sd_bus_set_bus_client(_bus, 1));
            Check(sd_bus_add_filter(_bus, out _filter, &OnMessage, GCHandle.ToIntPtr(_self)));
            Check(sd_bus_start(_bus));
        }
        catch
        {
            Close();
            throw;
        }

        new Thread(Run) { Name = "dbus", IsBackground = true }.Start();
    }

    /// <summary>Completes when the connection has ended, by whomever.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The address of the system's bus.</summary>
    public static string SystemAddress => Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") ?? "unix:path=/run/dbus/system_bus_socket";

    /// <summary>Connects with a bus.</summary>
    /// <param name="address">Its address, such as <see cref="SystemAddress"/>.</param>
    /// <param name="signals">Gets the signals that <see cref="MatchAsync"/> asked for.</param>
    /// <param name="objects">Answers calls to own objects; null for one that there is none.</param>
    /// <exception cref="DBusException">There is no bus at the address.</exception>
    /// <exception cref="DllNotFoundException">libsystemd is not installed.</exception>
    public static DBusConnection Open(string address, Action<DBusMessage>? signals = null, Func<DBusMessage, DBusAnswer?>? objects = null) =>
        new(address) { _signals = signals, _objects = objects };

    /// <summary>Calls a method and gives its results.</summary>
    /// <param name="destination">The bus name.</param>
    /// <param name="path">The object.</param>
    /// <param name="interface">The interface.</param>
    /// <param name="member">The method.</param>
    /// <param name="signature">The complete types of the arguments.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="timeout">How long to wait for the answer; 25 s, as is usual on D-Bus, unless given.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DBusException">The answer was an error, or none came.</exception>
    public async Task<object?[]> CallAsync(
        string destination, string path, string @interface, string member, string signature = "", object?[]? arguments = null,
        TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var answer = new TaskCompletionSource<object?[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            nint message = 0;
            try
            {
                Check(sd_bus_message_new_method_call(_bus, out message, destination, path, @interface, member));
                DBusArguments.Append(message, signature, arguments);
                Check(sd_bus_send(_bus, message, out var cookie));
                _calls.Add(cookie, answer);
            }
            finally
            {
                sd_bus_message_unref(message);
            }
        }, answer);
        try
        {
            return await answer.Task.WaitAsync(timeout ?? TimeSpan.FromSeconds(25), cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DBusException(DBusException.NoReply, $"{destination} did not answer {member}");
        }
    }

    /// <summary>Asks the bus for signals by a match rule.</summary>
    public Task MatchAsync(string rule, CancellationToken cancellation = default) =>
        CallAsync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", [rule], cancellation: cancellation);

    /// <summary>Sends a signal.</summary>
    public Task EmitAsync(string path, string @interface, string member, string signature, params object?[] arguments)
    {
        var sent = new TaskCompletionSource<object?[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            nint message = 0;
            try
            {
                Check(sd_bus_message_new_signal(_bus, out message, path, @interface, member));
                DBusArguments.Append(message, signature, arguments);
                Check(sd_bus_send(_bus, message, out _));
            }
            finally
            {
                sd_bus_message_unref(message);
            }

            sent.TrySetResult([]);
        }, sent);
        return sent.Task;
    }

    /// <summary>Sends what waits and closes the connection. Not to be awaited in a handler.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop = true;
        Wake();
        await Ended.ConfigureAwait(false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnMessage(nint message, nint self, nint error)
    {
        try
        {
            return ((DBusConnection)GCHandle.FromIntPtr(self).Target!).Take(message) ? 1 : 0;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // An exception must not pass through the library; what cannot be read is as if it had not come.
            return 0;
        }
    }

    private unsafe bool Take(nint message)
    {
        Check(sd_bus_message_get_type(message, out var type));
        switch (type)
        {
            case MethodReturn or MethodError:
                if (sd_bus_message_get_reply_cookie(message, out var cookie) < 0 || !_calls.Remove(cookie, out var call)) return false;
                if (type == MethodError && sd_bus_message_get_error(message) is var error && error is not null)
                    call.TrySetException(new DBusException(Text(error->Name), Text(error->Message)));
                else Complete(call, message);
                return true;
            case Signal:
                if (!_stop) _signals?.Invoke(Read(message));
                return false;
            case MethodCall:
                if (_stop || _objects is null || Text(sd_bus_message_get_interface(message)) == "org.freedesktop.DBus.Peer") return false;
                if (_objects(Read(message)) is not { } answer) return false;
                _ = AnswerAsync(message, answer);
                return true;
            default:
                return false;
        }
    }

    private static void Complete(TaskCompletionSource<object?[]> call, nint message)
    {
        try
        {
            call.TrySetResult(DBusArguments.Read(message));
        }
        catch (DBusException unreadable)
        {
            call.TrySetException(unreadable);
        }
    }

    private static DBusMessage Read(nint message) => new(
        Text(sd_bus_message_get_sender(message)),
        Text(sd_bus_message_get_path(message)),
        Text(sd_bus_message_get_interface(message)),
        Text(sd_bus_message_get_member(message)),
        DBusArguments.Read(message));

    private async Task AnswerAsync(nint call, DBusAnswer answer)
    {
        // The answer may come later: until then the call is kept.
        sd_bus_message_ref(call);
        object?[]? results = null;
        DBusException? refusal = null;
        try
        {
            results = await answer.Results.ConfigureAwait(false);
        }
        catch (DBusException error)
        {
            refusal = error;
        }

        Post(() =>
        {
            nint reply = 0;
            try
            {
                if (_closed) return;
                if (refusal is null)
                {
                    Check(sd_bus_message_new_method_return(call, out reply));
                    DBusArguments.Append(reply, answer.Signature, results!);
                }
                else
                {
                    var error = new Error { Name = Marshal.StringToCoTaskMemUTF8(refusal.Name), Message = Marshal.StringToCoTaskMemUTF8(refusal.Said) };
                    try
                    {
                        Check(sd_bus_message_new_method_error(call, out reply, error));
                    }
                    finally
                    {
                        Marshal.FreeCoTaskMem(error.Name);
                        Marshal.FreeCoTaskMem(error.Message);
                    }
                }

                Check(sd_bus_send(_bus, reply, out _));
            }
            finally
            {
                sd_bus_message_unref(reply);
                sd_bus_message_unref(call);
            }
        }, null);
    }

    private void Post(Action work, TaskCompletionSource<object?[]>? failure)
    {
        _work.Enqueue(() =>
        {
            try
            {
                if (_closed && failure is not null) throw new DBusException(DBusException.Disconnected, "the connection with the message bus is closed");
                work();
            }
            catch (Exception fault) when (fault is DBusException or ArgumentException)
            {
                failure?.TrySetException(fault);
            }
        });
        Wake();
        // The thread may have ended just before.
        if (_closed) Work();
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        try
        {
            var held = false;
            _wakeup.DangerousAddRef(ref held);
            _ = write((int)_wakeup.DangerousGetHandle(), &one, sizeof(ulong));
            _wakeup.DangerousRelease();
        }
        catch (ObjectDisposedException)
        {
            // The thread has ended.
        }
    }

    private void Run()
    {
        try
        {
            while (!_stop)
            {
                Work();
                int done;
                while ((done = sd_bus_process(_bus, 0)) > 0)
                {
                }

                if (done < 0) break;
                if (_work.IsEmpty) Wait();
            }
        }
        finally
        {
            // What was asked before the end is still sent: a device is told to stop.
            Work();
            Close();
            _closed = true;
            Work();
            foreach (var call in _calls.Values) call.TrySetException(new DBusException(DBusException.Disconnected, "the connection with the message bus has ended"));
            _calls.Clear();
            _ended.TrySetResult();
        }
    }

    private void Work()
    {
        while (_work.TryDequeue(out var work)) work();
    }

    private unsafe void Wait()
    {
        var descriptors = stackalloc Poll[2];
        descriptors[0] = new Poll { Descriptor = sd_bus_get_fd(_bus), Events = (short)sd_bus_get_events(_bus) };
        descriptors[1] = new Poll { Descriptor = (int)_wakeup.DangerousGetHandle(), Events = PollIn };
        var timed = sd_bus_get_timeout(_bus, out var until) >= 0 && until != ulong.MaxValue;
        _ = poll(descriptors, 2, until == 0 && timed ? 0 : timed ? TickMilliseconds : -1);
        ulong count;
        if (descriptors[1].Returned != 0) _ = read(descriptors[1].Descriptor, &count, sizeof(ulong));
    }

    private void Close()
    {
        if (_filter != 0) sd_bus_slot_unref(_filter);
        if (_bus != 0) sd_bus_flush_close_unref(_bus);
        _self.Free();
        _wakeup.Dispose();
    }
}
