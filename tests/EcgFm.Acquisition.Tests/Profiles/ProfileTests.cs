using System.Text.Json.Nodes;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Profiles;

public class ProfileTests
{
    private const string Small = """
        {
          "title": "A board",
          "transport": { "kind": "serial", "baudRate": 115200 },
          "framing": { "kind": "openbci-cyton" },
          "sampleRate": 250,
          "adc": { "referenceVolts": 4.5, "fullScaleCounts": 8388607, "gain": 24 },
          "channels": [ { "input": 2, "lead": "II" }, { "input": 1, "lead": "I", "gain": 12, "inverted": true } ]
        }
        """;

    private static string Folder => Path.Combine(TestData.Repository, "device", "profiles");

    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "profile.schema.json")))!;

    public static TheoryData<string> Shipped => [.. new ProfileCatalog([Folder]).Files.Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_profile_that_is_shipped_can_be_read_and_keeps_to_the_schema(string name)
    {
        var profile = new ProfileCatalog([Folder]).Find(name);

        Assert.Equal(name, profile.Name);
        if (profile.KnownFraming.GivesEcg) Assert.NotNull(profile.CreateDecoder("port"));
        Assert.Equal(profile.KnownFraming.DescribesItself, profile.Format is null);
        Assert.Empty(MiniSchema.Errors(Schema, File.ReadAllText(Path.Combine(Folder, name + ".json"))));
    }

    [Fact]
    public void Channels_have_the_scale_of_the_converter_unless_they_say_otherwise()
    {
        var format = ProfileReader.Parse(Small, "small", "small.json").Format!;

        Assert.Equal(["II", "I"], format.Channels.Names.AsEnumerable());
        Assert.Equal([1, 0], format.Inputs.AsEnumerable());
        Assert.Equal(22.3517, format.NanovoltsPerCount[0], 1e-4);
        Assert.Equal(-2 * format.NanovoltsPerCount[0], format.NanovoltsPerCount[1], 1e-9);
    }

    [Theory]
    [InlineData("$.title", "\"\"", "title is \"\"; allowed is a text that is not empty")]
    [InlineData("$.titel", "\"x\"", "titel is unknown; allowed here is $schema, adc, channels, framing, leadOff, leadOffTest, sampleRate, settleSeconds, start, stop, title, transport")]
    [InlineData("$.transport.kind", "\"usb\"", "transport:kind is \"usb\"; allowed is one of serial, tcp, ble-notify, rfcomm")]
    [InlineData("$.transport.baudRate", "9.5", "transport:baudRate is 9.5; allowed is a whole number from 1200 to 4000000")]
    [InlineData("$.sampleRate", "0", "sampleRate is 0; allowed is a number from 1 to 100000")]
    [InlineData("$.channels", "[]", "channels is missing; allowed is a list of at least one channel with input and lead")]
    [InlineData("$.channels", "{}", "channels is {}; allowed is a list")]
    [InlineData("$.channels", "[ 5 ]", "channels:0 is 5; allowed is an object")]
    [InlineData("$.leadOff", "{ \"from\": \"sky\" }", "leadOff:from is \"sky\"; allowed is one of none, frame, rail")]
    [InlineData("$.start", "[ { \"wait\": 1 } ]", "start:0:wait is unknown; allowed here is expect, hint, optional, pauseSeconds, refusal, withinSeconds, write")]
    public void What_is_wrong_is_said_with_file_key_and_what_is_allowed(string key, string value, string error)
    {
        var json = JsonNode.Parse(Small)!;
        var keys = key.Split('.')[1..];
        var at = keys[..^1].Aggregate(json, (node, name) => node[name]!);
        at[keys[^1]] = JsonNode.Parse(value);

        var fault = Assert.Throws<ProfileException>(() => ProfileReader.Parse(json.ToJsonString(), "small", "small.json"));

        Assert.Contains("small.json: " + error, fault.Errors);
        Assert.NotEmpty(MiniSchema.Errors(Schema, json.ToJsonString()));
    }

    [Fact]
    public void What_only_the_program_can_know_is_said_too()
    {
        Assert.Equal(
            ["x.json: framing:kind is \"morse\"; allowed is one of " + string.Join(", ", Framings.All.Keys.Order(StringComparer.Ordinal))],
            Errors(Small.Replace("openbci-cyton", "morse", StringComparison.Ordinal)));
        Assert.Equal(["x.json: channels:0:input is 9; allowed is a whole number from 1 to 8"], Errors(Small.Replace("\"input\": 2", "\"input\": 9", StringComparison.Ordinal)));
        Assert.Equal(["x.json: sampleRate is 250; allowed is nothing: these frames say it themselves", "x.json: adc is "], Errors(Small.Replace("openbci-cyton", "ecgfm", StringComparison.Ordinal))
            .Take(2).Select(e => e.StartsWith("x.json: adc is ", StringComparison.Ordinal) ? "x.json: adc is " : e));
        Assert.StartsWith("x.json: no valid JSON in line 3: ", Assert.Single(Errors("{\n  \"title\": \n")), StringComparison.Ordinal);

        static IReadOnlyList<string> Errors(string json) => Assert.Throws<ProfileException>(() => ProfileReader.Parse(json, "x", "x.json")).Errors;
    }

    [Fact]
    public void A_profile_of_ones_own_stands_before_the_one_of_the_same_name()
    {
        using var mine = new TemporaryFolder();
        File.WriteAllText(mine["openbci-cyton.json"], Small);
        var catalog = new ProfileCatalog([Path.GetDirectoryName(mine["x"])!, Folder]);

        Assert.Equal("A board", catalog.Find("openbci-cyton").Title);
        Assert.Equal("OpenBCI Cyton", catalog.Find(Path.Combine(Folder, "openbci-cyton.json")).Title);
        Assert.StartsWith("profile is \"nothing\"; allowed is one of ", Assert.Throws<ProfileException>(() => catalog.Find("nothing")).Message, StringComparison.Ordinal);
        Assert.StartsWith("/nowhere/x.json: the profile cannot be read", Assert.Throws<ProfileException>(() => catalog.Find("/nowhere/x.json")).Message, StringComparison.Ordinal);
    }
}
