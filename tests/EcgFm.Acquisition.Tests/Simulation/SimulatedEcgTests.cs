using EcgFm.Acquisition.Simulation;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Simulation;

public class SimulatedEcgTests
{
    private const string Everything =
        "sinus+pvc=0.2:7.3s,af+moving:6.1s,flutter:5s,vt:4s,pause:2.5s,svt:3s,vf:3s,sinus+off=LA/V3+hum=0.1:4.7s,tachy+off=RL:3s,bigeminy+motion=60:6s";

    [Fact]
    public void The_same_seed_gives_the_same_samples_and_another_seed_others()
    {
        var one = new Simulated(Everything, 7, NoiseLevels.Quiet);
        var two = new Simulated(Everything, 7, NoiseLevels.Quiet);
        Assert.Equal(one.Samples, two.Samples);
        Assert.Equal(one.Annotations, two.Annotations);
        Assert.NotEqual(one.Samples, new Simulated(Everything, 8, NoiseLevels.Quiet).Samples);
        Assert.All(one.Samples, sample => Assert.InRange(sample, -10, 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(333)]
    [InlineData(5000)]
    public void The_size_of_the_pieces_changes_nothing(int length)
    {
        var whole = new Simulated(Everything, 3, NoiseLevels.Quiet);
        var ecg = new SimulatedEcg(RhythmScript.Parse(Everything), 3);
        List<EcgFm.Acquisition.Wfdb.Annotation> annotations = [];
        while (ecg.ReadBlock(length, DateTimeOffset.UnixEpoch) is { } block)
        {
            for (var lead = 0; lead < StandardLeads.Count; lead++)
                Assert.True(block.Channel(lead).SequenceEqual(whole.Of((Lead)lead).Slice((int)block.FirstSample, block.Length)));
            Assert.Equal(block.FirstSample * 2, (block.Start - DateTimeOffset.UnixEpoch).TotalMilliseconds);
            if (annotations.Count % 3 == 0) annotations.AddRange(ecg.TakeAnnotations());
        }

        annotations.AddRange(ecg.TakeAnnotations());
        Assert.Equal(whole.Length, ecg.Position);
        Assert.Equal(whole.Annotations, annotations);
    }

    [Fact]
    public void Einthovens_and_Goldbergers_equations_hold_in_noise_too()
    {
        var simulated = new Simulated(Everything, 5, NoiseLevels.Moving);
        for (var i = 0; i < simulated.Length; i++)
        {
            float one = simulated.Of(Lead.I)[i], two = simulated.Of(Lead.II)[i];
            Assert.Equal(two - one, simulated.Of(Lead.III)[i], 1e-5f);
            Assert.Equal(-(one + two) / 2, simulated.Of(Lead.AVR)[i], 1e-5f);
            Assert.Equal(one - two / 2, simulated.Of(Lead.AVL)[i], 1e-5f);
            Assert.Equal(two - one / 2, simulated.Of(Lead.AVF)[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData(250)]
    [InlineData(360)]
    [InlineData(1000)]
    public void Another_rate_samples_the_same_heart(double rate)
    {
        var usual = new Simulated("sinus+pvc=0.2:20s,flutter:10s", 4);
        var other = new Simulated("sinus+pvc=0.2:20s,flutter:10s", 4, rate: rate);
        Assert.Equal(usual.Beats.Length, other.Beats.Length);
        foreach (var (a, b) in usual.Beats.Zip(other.Beats)) Assert.Equal(a.Sample / 500.0, b.Sample / rate, 0.5 / rate + 0.0011);
        for (var second = 1; second < 30; second++)
            Assert.Equal(usual.Of(Lead.V2)[second * 500], other.Of(Lead.V2)[(int)(second * rate)], 0.01f);
    }

    [Theory]
    [InlineData("RA", "I II aVR aVL aVF V1 V2 V3 V4 V5 V6")]
    [InlineData("LA", "I III aVR aVL aVF V1 V2 V3 V4 V5 V6")]
    [InlineData("LL", "II III aVR aVL aVF V1 V2 V3 V4 V5 V6")]
    [InlineData("RL", "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6")]
    [InlineData("V1", "V1")]
    [InlineData("V2/V6", "V2 V6")]
    [InlineData("LA/RA", "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6")]
    public void An_electrode_that_is_off_takes_the_leads_that_need_it(string electrodes, string leads)
    {
        var ecg = new SimulatedEcg(RhythmScript.Parse($"sinus:4s,sinus+off={electrodes}:4s,sinus:4s"));
        var clean = new Simulated("sinus:12s", 1, NoiseLevels.Quiet);
        while (ecg.ReadBlock(20, default) is { } block)
        {
            var off = block.FirstSample is >= 2000 and < 4000;
            Assert.Equal(off ? leads : "none", new LeadSet((ushort)block.LeadOff).ToString());
            if (!off) continue;

            // The leads that do without the electrode are undisturbed.
            foreach (var lead in new LeadSet((ushort)block.LeadOff).Complement)
                for (var i = 0; i < block.Length; i++)
                    Assert.Equal(clean.Of(lead)[(int)block.FirstSample + i], block.Channel((int)lead)[i], 0.25f);
        }
    }

    [Fact]
    public void A_floating_electrode_shows_the_mains_and_no_heart()
    {
        var simulated = new Simulated("sinus+off=V4:30s", 1, NoiseLevels.Quiet);
        Assert.InRange(simulated.Amplitude(Lead.V4, 50), 0.3, 2);
        var beat = simulated.Average(Lead.V4, -0.05, 0.05);
        Assert.True(simulated.Amplitude(Lead.V3, 50) < 0.02);
        Assert.True(beat.Max() - beat.Min() < 0.5 + 2 * simulated.Amplitude(Lead.V4, 50));
    }

    [Theory]
    [InlineData("hum=0.2", 50)]
    [InlineData("hum60=0.2", 60)]
    public void Hum_has_the_mains_frequency(string condition, double hertz)
    {
        var simulated = new Simulated($"pause+clean+{condition}:20s");
        Assert.InRange(simulated.Amplitude(Lead.V3, hertz), 0.01, 0.25);
        Assert.InRange(simulated.Amplitude(Lead.V3, 110 - hertz), 0, 0.001);
    }

    [Fact]
    public void Noise_has_about_the_size_that_was_asked_for()
    {
        Assert.All(new Simulated("pause+clean:10s").Samples, sample => Assert.Equal(0, sample));
        Assert.InRange(Rms("pause+clean+white=0.1:20s"), 0.09, 0.14);
        Assert.InRange(Rms("pause+clean+muscle=0.1:60s"), 0.07, 0.19);
        Assert.InRange(Rms("pause+clean+wander=0.1:300s"), 0.05, 0.25);
        Assert.InRange(Rms("pause+clean+motion=30:120s"), 0.02, 1);

        // A precordial lead is the electrode against the mean of three others.
        static double Rms(string script)
        {
            var simulated = new Simulated(script);
            return Enumerable.Range(6, 6).Average(lead => Math.Sqrt(simulated.Of((Lead)lead).ToArray().Average(x => (double)x * x)));
        }
    }

    [Fact]
    public void Reading_allocates_nothing_per_sample()
    {
        var ecg = new SimulatedEcg(RhythmScript.Parse("af+moving"));
        var buffer = new float[12 * 500];
        for (var i = 0; i < 60; i++) _ = ecg.Read(buffer, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++) _ = ecg.Read(buffer, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var script = RhythmScript.Parse("sinus");
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedEcg(script, 1, 10));
        Assert.Throws<ArgumentException>(() => new SimulatedEcg(script).Read(new float[13], out _));
        Assert.Throws<ArgumentException>(() => new RhythmScript([]));
    }
}
