using System.Runtime.InteropServices;

namespace System.IO.Ports.Tests;

/// <summary>Runs code as nobody when the tests run as root, who may do everything.</summary>
internal static class Unprivileged
{
    private const int Nobody = 65534;

    public static void Run(Action action)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            action();
            return;
        }

        // The system call itself, unlike the C library's function, changes the calling thread only. The thread ends with it.
        int setresuid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
        long refused = 0;
        Exception? error = null;
        Thread thread = new(() =>
        {
            refused = syscall(setresuid, -1, Nobody, -1);
            if (refused == 0)
                error = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        Skip.If(refused != 0, "This system does not let a thread give up its rights.");
        if (error is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
    }

    [DllImport("libc")]
    private static extern long syscall(long number, long real, long effective, long saved);
}
