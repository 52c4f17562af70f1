using System.Collections.Immutable;
using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal.Tests.Rhythm;

/// <summary>Vitals of a sensor that gives no ECG.</summary>
public class PulseVitalsTests
{
    private static readonly DateTimeOffset Zero = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_sensors_own_rate_is_told_as_its_own_and_no_lead_is_there()
    {
        var vitals = Last(Heard(_ => 0.8, 20));

        Assert.Equal((75.0, VitalsSource.HeartRateSensor, LeadSet.All, false), (vitals.HeartRate, vitals.Source, vitals.Absent, vitals.Quality.Usable));
        Assert.Equal(Zero.AddSeconds(20), vitals.Time, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Intervals_without_order_are_told_from_regular_ones(bool fibrillating)
    {
        var random = new Random(4);
        var rhythm = Last(Heard(_ => fibrillating ? 0.4 + (0.7 * random.NextDouble()) : 0.8 + (0.02 * random.NextDouble()), 60)).Rhythm;

        Assert.Equal(fibrillating, rhythm!.AtrialFibrillation > 0.5);
        Assert.InRange(rhythm.Span.TotalSeconds, 28, 33);
    }

    [Fact]
    public void Too_few_intervals_say_nothing_of_the_rhythm() => Assert.Null(Last(Heard(_ => 0.8, 4)).Rhythm);

    [Fact]
    public void Without_contact_nothing_is_felt()
    {
        var vitals = Last([.. Heard(_ => 0.8, 20), new Pulse(Zero.AddSeconds(21), 75, false, [TimeSpan.FromSeconds(0.8)])]);

        Assert.Equal((null, null, false), (vitals.HeartRate, vitals.Rhythm, vitals.Contact));
    }

    /// <summary>What is on both sides of a time that was not felt, or not heard, are no neighbours.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 5)]
    public void Over_a_gap_there_is_no_difference_between_intervals(bool contactLost, int seconds)
    {
        var (joined, split) = (new List<Pulse>(), new List<Pulse>());
        var (gapless, gapped) = (Zero, Zero);
        for (var run = 0; run < 6; run++)
        {
            // Steady for a while, then at another rate.
            var length = run % 2 == 0 ? 0.6 : 0.9;
            var pulse = new Pulse(Zero, 75, true, [.. Enumerable.Repeat(TimeSpan.FromSeconds(length), 4)]);
            joined.Add(pulse with { Time = gapless += TimeSpan.FromSeconds(3) });
            if (contactLost) split.Add(new Pulse(gapped += TimeSpan.FromSeconds(seconds), null, false, []));
            else gapped += TimeSpan.FromSeconds(seconds - 3);
            split.Add(pulse with { Time = gapped += TimeSpan.FromSeconds(3) });
        }

        var (of, apart) = (Last(joined).Rhythm!, Last(split).Rhythm!);
        Assert.Equal(of.Intervals, apart.Intervals);
        // The same intervals: only who is whose neighbour is another.
        Assert.NotEqual(of.AtrialFibrillation, apart.AtrialFibrillation);
    }

    private static Vitals Last(IEnumerable<Pulse> heard) => heard.ToObservable().Vitals().LastAsync().Wait();

    /// <summary>A message after each second in which a beat fell, with the intervals that have ended in it.</summary>
    private static List<Pulse> Heard(Func<int, double> interval, int seconds)
    {
        var heard = new List<Pulse>();
        var (at, beats, ended) = (0.0, 0, ImmutableArray.CreateBuilder<TimeSpan>());
        for (var second = 1; second <= seconds; second++)
        {
            ended.Clear();
            while (true)
            {
                var next = interval(beats);
                if (at + next > second) break;
                (at, beats) = (at + next, beats + 1);
                ended.Add(TimeSpan.FromSeconds(next));
            }

            heard.Add(new Pulse(Zero.AddSeconds(second), 75, true, ended.ToImmutable()));
        }

        return heard;
    }
}
