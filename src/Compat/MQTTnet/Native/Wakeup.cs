using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>Ends the network thread's poll from any other thread (an eventfd). Safe to signal after it is closed.</summary>
internal sealed unsafe class Wakeup : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    private readonly Lock gate = new();
    private int descriptor;

    public Wakeup()
    {
        descriptor = LibC.eventfd(0, CloseOnExec | NonBlocking);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public int Descriptor => descriptor;

    public void Signal()
    {
        lock (gate)
        {
            // The descriptor may belong to somebody else once it is closed: hence the lock.
            var one = 1UL;
            if (descriptor >= 0)
                _ = LibC.write(descriptor, &one, sizeof(ulong));
        }
    }

    public void Reset()
    {
        ulong count;
        _ = LibC.read(descriptor, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (descriptor >= 0)
                _ = LibC.close(descriptor);
            descriptor = -1;
        }
    }
}
