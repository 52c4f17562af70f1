using System.Runtime.CompilerServices;
using EcgFm.Testing;

namespace MQTTnet.Tests;

public sealed class UnobservedExceptionGuardTests
{
    [Fact]
    public void The_guard_sees_a_task_nobody_looked_at()
    {
        var guard = new UnobservedExceptionGuard();
        Forget();

        var failure = Assert.Throws<AggregateException>(guard.Dispose);

        Assert.Contains("forgotten", failure.ToString(), StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget() => _ = Task.FromException(new InvalidOperationException("forgotten"));
}
