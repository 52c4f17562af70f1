using EcgFm.Acquisition.Simulation;

namespace EcgFm.Acquisition.Tests.Simulation;

public class RhythmScriptTests
{
    [Fact]
    public void Episodes_rates_conditions_and_durations_are_read()
    {
        var script = RhythmScript.Parse("sinus:60s, AF@110:1.5m,sinus@72+pvc=0.1+off=LA/V1+moving+hum60=0.2:500ms,pause:2h");
        Assert.Equal(
            [
                new Episode(RhythmKind.Sinus, TimeSpan.FromSeconds(60)),
                new Episode(RhythmKind.AtrialFibrillation, TimeSpan.FromSeconds(90), 110),
                new Episode(RhythmKind.Sinus, TimeSpan.FromMilliseconds(500), 72)
                {
                    Ectopy = 0.1, Off = Electrodes.LA | Electrodes.V1, Noise = NoiseLevels.Moving with { Mains = 0.2, MainsFrequency = 60 },
                },
                new Episode(RhythmKind.Asystole, TimeSpan.FromHours(2)),
            ],
            script.Episodes.AsEnumerable());
        Assert.Equal(TimeSpan.FromSeconds(60 + 90 + 0.5 + 7200), script.Duration);
    }

    [Theory]
    [InlineData("sinus", null)]
    [InlineData("sinus:10s,af", null)]
    [InlineData("sinus:10s,af:10s,repeat", null)]
    [InlineData("sinus:10s,af:10s", 20.0)]
    public void A_script_ends_unless_its_last_episode_does_not_or_it_repeats(string text, double? seconds) =>
        Assert.Equal(seconds, RhythmScript.Parse(text).Duration?.TotalSeconds);

    [Theory]
    [InlineData("sinus")]
    [InlineData("sinus:60s,af@110:90s,repeat")]
    [InlineData("flutter+pvc=0.25+off=RA/V6:10s,vt:3s,svt:3s,vf:3s,pause:3s,brady:3s,tachy:3s,bigeminy:3s,trigeminy:3s")]
    [InlineData("sinus+white=0.001+muscle=0.02+wander=0.03+hum60=0.1+motion=2:5s")]
    public void A_script_is_written_as_it_is_read(string text) => Assert.Equal(text, RhythmScript.Parse(text).ToString());

    [Theory]
    [InlineData("", "'' is no rhythm.")]
    [InlineData("sinus:60s,", "'' is no rhythm.")]
    [InlineData("waltz:60s", "'waltz' is no rhythm.")]
    [InlineData("sinus:60", "'60' is no duration.")]
    [InlineData("sinus:0s", "'0s' is no duration.")]
    [InlineData("sinus:-1s", "'-1s' is no duration.")]
    [InlineData("sinus@1000:60s", "'1000' is no rate from 15 to 350 beats a minute.")]
    [InlineData("sinus+pvc=2:60s", "'pvc=2' is no condition.")]
    [InlineData("sinus+off=XX:60s", "'off=XX' is no condition.")]
    [InlineData("sinus+off=12:60s", "'off=12' is no condition.")]
    [InlineData("sinus+loud:60s", "'loud' is no condition.")]
    [InlineData("sinus,af:60s", "Only the last episode")]
    [InlineData("sinus,repeat", "Only the last episode")]
    public void Errors_name_the_part_and_the_grammar(string text, string message)
    {
        var error = Assert.Throws<FormatException>(() => RhythmScript.Parse(text));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(RhythmScript.Grammar, error.Message, StringComparison.Ordinal);
        Assert.False(RhythmScript.TryParse(text, out _));
    }
}
