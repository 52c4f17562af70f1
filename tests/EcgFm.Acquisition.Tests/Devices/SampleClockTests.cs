using EcgFm.Acquisition.Devices;

namespace EcgFm.Acquisition.Tests.Devices;

public class SampleClockTests
{
    private const double Rate = 500;
    private const int Instants = 10;
    private static readonly DateTimeOffset Zero = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-100)]
    [InlineData(20_000)]
    public void Times_stay_within_one_sample_for_an_hour_whatever_the_drift_and_the_bunching(double ppm)
    {
        var random = new Random(1);
        var clock = new SampleClock(Rate);
        var period = 1 / (Rate * (1 + ppm / 1e6));
        double worst = 0, arrived = 0;
        var last = DateTimeOffset.MinValue;
        var settle = Math.Abs(ppm) > 1000 ? 300 : 10;

        for (long end = Instants; end * period < 3600; end += Instants)
        {
            // An adapter that holds bytes for up to 16 ms, and a host that sometimes is late by more.
            var taken = end * period;
            arrived = Math.Max(arrived, taken + 0.016 * random.NextDouble() + (random.Next(500) == 0 ? 0.3 * random.NextDouble() : 0));
            clock.Observe(end, Zero.AddSeconds(arrived));
            if (taken < settle) continue;
            var time = clock.TimeOf(end);
            Assert.True(time > last, "time ran backwards");
            last = time;
            worst = Math.Max(worst, Math.Abs((time - Zero.AddSeconds(taken)).TotalSeconds));
        }

        Assert.InRange(worst, 0, 1 / Rate);
        Assert.InRange(clock.DriftPpm, ppm - 20, ppm + 20);
        Assert.Equal(0, clock.Steps);
    }

    [Fact]
    public void Indexes_and_times_are_inverse()
    {
        var clock = new SampleClock(Rate);
        for (long end = 10; end < 20_000; end += 10) clock.Observe(end, Zero.AddSeconds(end / Rate * 1.0001));

        foreach (var ahead in (long[])[0, 1, 500, 5_000, 1_000_000])
            Assert.InRange(clock.IndexAt(clock.TimeOf(20_000 + ahead)) - 20_000 - ahead, -1, 1);
    }

    [Fact]
    public void A_late_first_arrival_is_forgotten_within_two_seconds()
    {
        var clock = new SampleClock(Rate);

        for (long end = 10; end < 2_000; end += 10) clock.Observe(end, Zero.AddSeconds(end / Rate + (end == 10 ? 0.15 : 0.001)));

        Assert.InRange((clock.TimeOf(1000) - Zero.AddSeconds(2)).TotalSeconds, 0, 0.0011);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(-2)]
    public void When_the_host_sets_its_clock_times_follow_in_one_step(double seconds)
    {
        var clock = new SampleClock(Rate);
        for (long end = 10; end < 30_000; end += 10) clock.Observe(end, Zero.AddSeconds(end / Rate));
        for (long end = 30_000; end < 40_000; end += 10) clock.Observe(end, Zero.AddSeconds(end / Rate + seconds));

        Assert.Equal(1, clock.Steps);
        Assert.InRange((clock.TimeOf(40_000) - Zero.AddSeconds(80 + seconds)).Duration().TotalSeconds, 0, 0.001);
    }

    [Fact]
    public void A_correction_ends_when_nothing_arrives()
    {
        var clock = new SampleClock(Rate);
        for (long end = 10; end < 3_100; end += 10) clock.Observe(end, Zero.AddSeconds(end / Rate + (end < 1_100 ? 0 : 0.02)));

        // The regulator is at work; an hour of silence must not let it run away.
        var drift = Math.Abs(clock.DriftPpm) * 3600 / 1e6;
        Assert.InRange((clock.TimeOf(3_100 + 1_800_000) - Zero.AddSeconds(3606.2)).Duration().TotalSeconds, 0, drift + 0.03);
    }

    [Fact]
    public void Without_an_observation_there_is_no_time()
    {
        var clock = new SampleClock(Rate);
        Assert.Throws<InvalidOperationException>(() => clock.TimeOf(0));
        Assert.Throws<InvalidOperationException>(() => clock.IndexAt(Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleClock(0));
    }
}
