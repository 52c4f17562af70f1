using EcgFm.Acquisition.Devices;

namespace EcgFm.Acquisition.Tests.Devices;

public class SampleCounterTests
{
    private const int Rate = 500;

    [Fact]
    public void Consecutive_frames_follow_each_other_over_the_wrap()
    {
        var counter = new SampleCounter(32, Rate);
        for (long i = 0; i < 100; i++) Check(counter, (uint)(4_294_967_000L + 10 * i), FramePlacement.InOrder, 10 * i);
    }

    [Fact]
    public void A_gap_is_what_the_counter_says_even_over_the_wrap()
    {
        var counter = new SampleCounter(32, Rate);
        Check(counter, uint.MaxValue - 19, FramePlacement.InOrder, 0);
        Check(counter, 5, FramePlacement.InOrder, 25);
        Check(counter, 2015, FramePlacement.InOrder, 2035, byTime: 2000);
    }

    [Fact]
    public void Repeated_and_late_frames_are_told_apart()
    {
        var counter = new SampleCounter(32, Rate);
        Check(counter, 100, FramePlacement.InOrder, 0);
        Check(counter, 100, FramePlacement.Duplicate, 0);
        Check(counter, 120, FramePlacement.InOrder, 20);
        Check(counter, 110, FramePlacement.Late, 10);
        Check(counter, 120, FramePlacement.Duplicate, 20);
        Check(counter, 130, FramePlacement.InOrder, 30);
    }

    [Fact]
    public void A_counter_that_goes_far_back_is_a_restart_and_time_goes_on()
    {
        var counter = new SampleCounter(32, Rate);
        Check(counter, 50_000, FramePlacement.InOrder, 0);
        Check(counter, 0, FramePlacement.Restart, 1500, byTime: 1500);
        Check(counter, 10, FramePlacement.InOrder, 1510, byTime: 1508);
    }

    [Fact]
    public void A_counter_that_runs_ahead_of_time_is_a_restart()
    {
        var counter = new SampleCounter(32, Rate);
        Check(counter, 0, FramePlacement.InOrder, 0);
        Check(counter, 5_010, FramePlacement.InOrder, 5_010, byTime: 10);
        Check(counter, 3_000_000, FramePlacement.Restart, 5_030, byTime: 5_030);
    }

    [Fact]
    public void A_restart_that_the_device_announces_needs_no_guess()
    {
        var counter = new SampleCounter(32, Rate);
        counter.Restarted();
        Check(counter, 70, FramePlacement.InOrder, 0);
        counter.Restarted();
        Check(counter, 80, FramePlacement.Restart, 25, byTime: 25);
        counter.Restarted();
        Check(counter, 0, FramePlacement.Restart, 35, byTime: 3);
    }

    [Fact]
    public void A_recording_is_placed_by_its_counter_alone()
    {
        var counter = new SampleCounter(32, Rate);
        Assert.Equal(FramePlacement.InOrder, counter.Place(0, 10, null, out _));
        Assert.Equal(FramePlacement.InOrder, counter.Place(1_000_000, 10, null, out var index));
        Assert.Equal(1_000_000, index);
    }

    [Fact]
    public void A_one_byte_counter_is_unfolded_by_the_elapsed_time()
    {
        var counter = new SampleCounter(8, 250);
        long index = 0;
        Check(counter, 0, FramePlacement.InOrder, 0, instants: 1);
        // 1000 lost: three whole turns and 232 more; the time is known to some samples only.
        index = 1001;
        Check(counter, (byte)index, FramePlacement.InOrder, index, instants: 1, byTime: index + 20);
        Check(counter, (byte)(index + 1), FramePlacement.InOrder, index + 1, instants: 1, byTime: index - 30);
        Check(counter, (byte)(index + 1), FramePlacement.Duplicate, index + 1, instants: 1, byTime: index + 30);
        Check(counter, (byte)(index + 256), FramePlacement.InOrder, index + 256, instants: 1, byTime: index + 250);
    }

    private static void Check(SampleCounter counter, uint value, FramePlacement placement, long index, int instants = 10, long? byTime = null)
    {
        Assert.Equal(placement, counter.Place(value, instants, byTime ?? counter.Next, out var got));
        Assert.Equal(index, got);
    }
}
