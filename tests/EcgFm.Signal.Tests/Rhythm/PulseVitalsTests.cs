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

    /// <summary>Seconds that were not heard hold beats that nobody counted: what is on both sides of them are no neighbours.</summary>
    [Fact]
    public void Over_a_gap_there_is_no_difference_between_intervals()
    {
        // Steady on either side, at rates far apart.
        IEnumerable<Pulse> heard = [.. Heard(_ => 1.0, 14), .. Heard(_ => 0.5, 14).Select(pulse => pulse with { Time = pulse.Time.AddSeconds(20) })];
        var split = Last(heard).Rhythm!;

        Assert.True(split.AtrialFibrillation < 0.5, $"{split.AtrialFibrillation}");
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
