using System.Text;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Tests;

/// <summary>Alert rules as a configuration names them.</summary>
public class RuleConfigurationTests
{
    private static EdgeConfiguration Read(string rules, string more = "") => ConfigurationLoader.Read(new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""
            { "site": "s", "device": "d", "mqtt": { "url": "mqtt://localhost" }, "beds": [ { "name": "b", "source": { "type": "simulator" } } ], "rules": [ {{rules}} ] {{more}} }
            """)))
        .Build());

    private static IReadOnlyList<string> Errors(string rules, string more = "") => Assert.Throws<ConfigurationException>(() => Read(rules, more)).Errors;

    private static T Rule<T>(string code, string rules)
        where T : AlertRule => Assert.IsType<T>(Read(rules).Rules.Single(rule => rule.Code == code));

    [Fact]
    public void An_entry_changes_what_it_names_of_the_default_rule_and_nothing_else()
    {
        var read = Read("""{ "code": "atrial-fibrillation", "startThreshold": 0.8, "startWindows": 4, "priority": "high", "latching": true }""").Rules;
        var before = AlertRules.Default.OfType<LabelRule>().Single(rule => rule.Code == "atrial-fibrillation");
        Assert.Equal(before with { StartThreshold = 0.8, StartWindows = 4, StartCount = 4, Priority = AlertPriority.High, Latching = true, Required = true, SilencedBy = default }, read.OfType<LabelRule>().Single(rule => rule.Code == before.Code) with { SilencedBy = default });
        Assert.Equal(AlertRules.Default.Select(rule => rule.Code), read.Select(rule => rule.Code));
    }

    [Fact]
    public void Every_kind_of_rule_is_data()
    {
        Assert.Equal((35, TimeSpan.FromSeconds(20)), Rule<RateRule>("extreme-bradycardia", """{ "code": "extreme-bradycardia", "below": 35, "minimumSeconds": 20 }""") is var slow ? (slow.Below, slow.MinimumDuration) : default);
        Assert.Equal(TimeSpan.FromSeconds(6), Rule<AsystoleRule>("asystole", """{ "code": "asystole", "pauseSeconds": 6 }""").Pause);
        Assert.Equal((0.2, TimeSpan.FromMinutes(2)), Rule<TechnicalRule>("data-lost", """{ "code": "data-lost", "share": 0.2, "endAfterSeconds": 120 }""") is var lost ? (lost.Share, lost.EndAfter) : default);
        var own = Rule<LabelRule>("lbbb", """{ "code": "lbbb", "label": "Left bundle branch block", "priority": "low", "silencedBy": [ "ventricular-tachycardia" ] }""");
        Assert.Equal(("Left bundle branch block", AlertPriority.Low, "ventricular-tachycardia"), (own.Title, own.Priority, Assert.Single(own.SilencedBy)));
        Assert.Equal(150, Rule<RateRule>("fast", """{ "code": "fast", "title": "Fast", "above": 150 }""").Above);
    }

    [Fact]
    public void A_rule_that_is_switched_off_is_gone_and_silences_nobody()
    {
        var read = Read("""{ "code": "extreme-tachycardia", "enabled": false }""").Rules;
        Assert.DoesNotContain(read, rule => rule.Code == "extreme-tachycardia");
        Assert.Equal("ventricular-tachycardia", Assert.Single(read.Single(rule => rule.Code == "tachycardia").SilencedBy));
    }

    [Fact]
    public void Rules_that_silence_each_other_are_refused_unless_one_of_them_is_off()
    {
        // Fibrillation silences flutter by default.
        const string Turned = """{ "code": "atrial-fibrillation", "silencedBy": [ "atrial-flutter" ] }""";
        Assert.Contains("rules: rule \"atrial-fibrillation\": silencedBy is \"atrial-flutter\"; allowed is a rule that \"atrial-fibrillation\" does not silence in turn: neither would sound", Errors(Turned));
        Assert.Empty(Read($$"""{{Turned}}, { "code": "atrial-flutter", "enabled": false }""").Rules.Single(rule => rule.Code == "atrial-fibrillation").SilencedBy);
    }

    [Theory]
    [InlineData("Atrial fibrillation", "", SecondOpinion.Beats)]
    [InlineData("Atrial fibrillation", ", \"secondOpinion\": \"none\"", SecondOpinion.None)]
    [InlineData("Tachycardia", "", SecondOpinion.None)]
    public void Beats_are_heard_on_atrial_fibrillation_unless_told_otherwise(string label, string setting, SecondOpinion expected) =>
        Assert.Equal(expected, Rule<LabelRule>("a", $$"""{ "code": "a", "label": "{{label}}"{{setting}} }""").SecondOpinion);

    [Theory]
    [InlineData("""{ "code": "atrial-fibrillation", "startThreshold": 1.5 }""", "rules:0:startThreshold of \"atrial-fibrillation\" is 1.5; allowed is 0 to 1")]
    [InlineData("""{ "code": "atrial-fibrillation", "startThreshold": 0.5, "endThreshold": 0.6 }""", "rules:0:endThreshold of \"atrial-fibrillation\" is 0.6; allowed is 0 to 0.5")]
    [InlineData("""{ "code": "atrial-fibrillation", "startCount": 4 }""", "rules:0:startCount of \"atrial-fibrillation\" is 4; allowed is 1 to 3")]
    [InlineData("""{ "code": "atrial-fibrillation", "startWindows": "three" }""", "rules:0:startWindows is \"three\"; allowed is a whole number")]
    [InlineData("""{ "code": "tachycardia", "above": 500 }""", "rules:0:above of \"tachycardia\" is 500; allowed is 10 to 300")]
    [InlineData("""{ "code": "tachycardia", "below": 50 }""", "rules:0:above of \"tachycardia\" is given beside below; allowed is either below or above")]
    [InlineData("""{ "code": "asystole", "pauseSeconds": 30 }""", "rules:0:pauseSeconds of \"asystole\" is 30; allowed is 2 to 9")]
    [InlineData("""{ "code": "leads-off", "share": 0.5 }""", "rules:0:share is no setting; allowed are ")]
    [InlineData("""{ "code": "mine" }""", "rules:0:label is missing; allowed for a rule of one's own is ")]
    [InlineData("""{ "code": "a", "label": "Tachycardia", "secondOpinion": "beats" }""", "rules:0:secondOpinion of \"a\" is beats; allowed is none")]
    [InlineData("""{ "code": "tachycardia", "silencedBy": [ "nobody" ] }""", "rules: rule \"tachycardia\": silencedBy is \"nobody\"; allowed is the code of another rule")]
    [InlineData("""{ "code": "atrial-fibrillation", "silencedBy": [ "leads-off" ] }""", "rules: rule \"atrial-fibrillation\": silencedBy is \"leads-off\"; allowed is the code of another rule about the patient")]
    [InlineData("""{ "code": "asystole" }, { "code": "asystole" }""", "rules:1:code is \"asystole\" a second time; allowed is one entry for each rule")]
    public void What_is_wrong_is_named_with_rule_key_value_and_what_is_allowed(string rules, string error) =>
        Assert.StartsWith(error, Assert.Single(Errors(rules)), StringComparison.Ordinal);

    [Fact]
    public void The_longest_pause_is_data_too()
    {
        Assert.Equal(TimeSpan.FromMinutes(2), Read("", """, "alerts": { "longestPauseSeconds": 120 }""").LongestPause);
        Assert.Equal("alerts:longestPauseSeconds is \"0\"; allowed is a number from 1 to 86400", Assert.Single(Errors("", """, "alerts": { "longestPauseSeconds": 0 }""")));
    }
}
