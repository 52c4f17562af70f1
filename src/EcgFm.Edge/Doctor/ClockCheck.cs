using System.Runtime.InteropServices;

namespace EcgFm.Edge.Doctor;

/// <summary>Whether the clock follows others: alerts carry its time.</summary>
/// <param name="ask">adjtimex(2) without changing anything: the state of the clock, or -1.</param>
internal sealed partial class ClockCheck(Func<int> ask) : Check("clock")
{
    // linux/timex.h
    private const int TimeError = 5, SizeOfTimex = 208;

    public ClockCheck()
        : this(AskKernel)
    {
    }

    protected override IEnumerable<Finding> Look() => ask() switch
    {
        TimeError => [Warning("the clock is not synchronised: the times of alerts may be wrong", "sudo timedatectl set-ntp true")],
        < 0 => [Warning("the kernel does not say whether the clock is synchronised", "timedatectl")],
        _ => [Ok("the clock is synchronised")],
    };

    private static int AskKernel() => AdjustTime(new byte[SizeOfTimex]);

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime([In, Out] byte[] timex);
}
