using System.Reactive.Concurrency;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests;

/// <summary>Other tests wait until something is planned: what was cancelled must not look like it.</summary>
public class VirtualSchedulerTests
{
    [Fact]
    public void What_was_cancelled_is_not_planned_wherever_it_stood()
    {
        var clock = new VirtualScheduler(DateTimeOffset.UnixEpoch);
        var done = new List<int>();
        var plans = Enumerable.Range(1, 3).Select(second => clock.Schedule(TimeSpan.FromSeconds(second), () => done.Add(second))).ToList();

        plans[1].Dispose();
        Assert.Equal(2, clock.Planned);
        plans[0].Dispose();
        Assert.Equal(1, clock.Planned);

        clock.AdvanceBy(TimeSpan.FromSeconds(5));
        Assert.Equal([3], done);
        Assert.Equal(0, clock.Planned);
    }
}
