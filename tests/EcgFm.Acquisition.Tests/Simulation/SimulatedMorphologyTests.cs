using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Simulation;

public class SimulatedMorphologyTests
{
    private const double QrsFrom = -0.06, QrsTo = 0.06, Whole = 0.5;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Leads_look_as_those_of_a_healthy_person(int seed)
    {
        var simulated = new Simulated("sinus@70:15s", seed);
        (double R, double S, double T) Of(Lead lead)
        {
            var qrs = simulated.Average(lead, QrsFrom, QrsTo);
            var t = simulated.Average(lead, 0.16, 0.42);
            return (qrs.Max(), -qrs.Min(), t.MaxBy(Math.Abs));
        }

        // The frontal axis lies between about −30° and +90°, so I and II stay mainly upright and aVR negative.
        Assert.True(Of(Lead.I).R > 0.1);
        Assert.True(Of(Lead.II).R > 0.25);
        Assert.True(Of(Lead.II).R > Of(Lead.II).S);
        Assert.True(Of(Lead.AVR).S > Of(Lead.AVR).R);
        Assert.True(Of(Lead.I).T > 0.02 && Of(Lead.II).T > 0.05, $"T I {Of(Lead.I).T}, II {Of(Lead.II).T}");
        Assert.True(Of(Lead.AVR).T < -0.05);
        Assert.All(new[] { Lead.V4, Lead.V5, Lead.V6 }, lead => Assert.True(Of(lead).T > 0.05, $"T in {lead}: {Of(lead).T}"));

        // rS in V1, qR or R in V6, R growing from V1 to V4.
        var v1 = Of(Lead.V1);
        Assert.True(v1.S > v1.R, $"V1 r {v1.R} S {v1.S}");
        Assert.True(v1.R > 0.02);
        Assert.True(Of(Lead.V6).R > Of(Lead.V6).S);
        Assert.True(Of(Lead.V1).R < Of(Lead.V3).R && Of(Lead.V2).R < Of(Lead.V4).R);
        for (var lead = Lead.I; lead <= Lead.V6; lead++) Assert.InRange(Of(lead).R + Of(lead).S, 0.1, 4.5);

        var p = simulated.Average(Lead.II, -0.26, -0.06);
        Assert.InRange(p.Max(), 0.05, 0.3);
        Assert.True(simulated.Average(Lead.AVR, -0.26, -0.06).Min() < -0.03);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void QT_shortens_with_the_rate(int seed)
    {
        double slow = TPeak("brady@45:30s"), usual = TPeak("sinus@70:20s"), fast = TPeak("tachy@130:20s");
        Assert.True(slow > usual + 0.01 && usual > fast + 0.03, $"T peaks at {slow}, {usual}, {fast}");
        Assert.InRange(usual, 0.20, 0.34);

        double TPeak(string script)
        {
            var beat = new Simulated(script, seed).Average(Lead.V5, 0.1, Whole - 0.1);
            return 0.1 + Array.IndexOf(beat, beat.Max()) / 500.0;
        }
    }

    [Fact]
    public void People_differ()
    {
        var amplitudes = Enumerable.Range(1, 30).Select(seed => new Simulated("sinus@70:10s", seed).Of(Lead.V4).ToArray().Max()).ToArray();
        Assert.True(amplitudes.Max() > 1.7 * amplitudes.Min());
        Assert.Equal(30, amplitudes.Distinct().Count());
    }
}
