using System.Text;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-configuration-");

    public void Dispose() => _folder.Delete(recursive: true);

    private EdgeConfiguration Read(string json) =>
        ConfigurationLoader.Read(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json.Replace("MODEL", _folder.FullName, StringComparison.Ordinal)))).Build());

    private IReadOnlyList<string> Errors(string json) => Assert.Throws<ConfigurationException>(() => Read(json)).Errors;

    [Fact]
    public void The_least_configuration_is_enough()
    {
        var read = Read("""
            { "site": "ward-3", "device": "box-1", "mqtt": { "url": "mqtt://localhost" },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "port": "/dev/ttyUSB0" } } ] }
            """);

        Assert.Equal("ecgfm/v1/ward-3/box-1/bed-1/alert", read.Topics.Alert("bed-1"));
        Assert.Equal(("localhost", 1883, false), (read.Broker!.Address.Host, read.Broker.Address.Port, read.Broker.Address.Tls));
        Assert.EndsWith("ecgfm-nano", read.ModelPath, StringComparison.Ordinal);
        var bed = Assert.Single(read.Beds);
        Assert.Equal(EcgWindow.Duration, bed.Hop);
        var device = Assert.IsType<SourceConfiguration.Device>(bed.Source);
        Assert.Equal(("/dev/ttyUSB0", null, "ecgfm", 921600), (device.Port, device.BaudRate, device.Profile.Name, device.Profile.Transport.BaudRate));
        Assert.Equal(EcgFm.Alerts.AlertRules.Default.Select(rule => rule.Code), read.Rules.Select(rule => rule.Code));
    }

    [Fact]
    public void All_errors_come_at_once_each_with_key_value_and_what_is_allowed()
    {
        var errors = Errors("""
            { "site": "ward 3", "device": "a/b", "modle": {}, "model": { "path": "/nowhere" }, "inference": { "threads": 0, "provider": "npu" },
              "mqtt": { "url": "http://x", "topicRoot": "a//b" },
              "beds": [ { "name": "b", "hopSeconds": "often", "source": { "type": "usb" } },
                        { "name": "b", "source": { "type": "device", "port": "/dev/x", "baudRate": 5, "parity": "even" } } ] }
            """);

        Assert.Collection(
            errors.Order(StringComparer.Ordinal),
            e => Assert.Equal("beds has the name \"b\" more than once; each bed needs its own", e),
            e => Assert.Equal("beds:0:hopSeconds is \"often\"; allowed is a number from 1 to 3600, in steps of 0.002", e),
            e => Assert.Equal("beds:0:source:type is \"usb\"; allowed is device, record or simulator", e),
            e => Assert.Equal("beds:1:source:baudRate is \"5\"; allowed is a whole number from 1200 to 4000000", e),
            e => Assert.Equal("beds:1:source:parity is no setting; allowed are baudRate, leadOffTest, port, profile, type", e),
            e => Assert.StartsWith("device is \"a/b\"; allowed is 1 to 64", e, StringComparison.Ordinal),
            e => Assert.Equal("inference:provider is \"npu\"; allowed is auto, cpu, cuda, tensorrt, webgpu", e),
            e => Assert.Equal("inference:threads is \"0\"; allowed is a whole number from 1 to 64", e),
            e => Assert.Equal("model:path is \"/nowhere\"; allowed is the folder of a model package, which must exist", e),
            e => Assert.StartsWith("modle is no setting; allowed are alerts, beds, dashboard, device, health, inference, model", e, StringComparison.Ordinal),
            e => Assert.StartsWith("mqtt:topicRoot is \"a//b\"; allowed is levels", e, StringComparison.Ordinal),
            e => Assert.Equal("mqtt:url is \"http://x\"; allowed is mqtt://host[:1883] or mqtts://host[:8883]", e),
            e => Assert.StartsWith("site is \"ward 3\"; allowed is 1 to 64 letters", e, StringComparison.Ordinal));
    }

    [Fact]
    public void A_lead_off_test_is_on_where_it_is_asked_for_and_the_board_has_one()
    {
        static string Json(string profile) => $$"""
            { "site": "s", "device": "d", "model": { "path": "MODEL" }, "mqtt": { "url": "mqtt://localhost" },
              "beds": [ { "name": "b", "source": { "type": "device", "profile": "{{profile}}", "port": "/dev/x", "leadOffTest": true } } ] }
            """;

        var device = Assert.IsType<SourceConfiguration.Device>(Read(Json("openbci-cyton")).Beds[0].Source);
        Assert.True(device.Profile.TestsLeads);
        Assert.Equal(["z111Z", "z810Z", "b"], device.Profile.Start.Select(step => step.Write).Where(said => said is "z111Z" or "z810Z" or "b"));
        Assert.Equal(
            "beds:0:source:leadOffTest is \"true\"; allowed is false with the profile healthypi5, whose board has no lead-off test",
            Assert.Single(Errors(Json("healthypi5"))));
    }

    [Fact]
    public void An_empty_configuration_names_what_must_be_there()
    {
        var errors = Errors("{}");
        Assert.Contains(errors, e => e.StartsWith("site is missing", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("mqtt:url is missing", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("beds is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_beds_on_one_port_are_refused_whatever_the_port_is_called()
    {
        var (port, alias) = (Path.Combine(_folder.FullName, "ttyUSB0"), Path.Combine(_folder.FullName, "by-id"));
        File.WriteAllText(port, "");
        File.CreateSymbolicLink(alias, port);

        var errors = Errors($$"""
            { "site": "s", "device": "d", "model": { "path": "MODEL" }, "mqtt": { "url": "mqtt://localhost" },
              "beds": [ { "name": "a", "source": { "type": "device", "port": "{{port}}" } }, { "name": "b", "source": { "type": "device", "port": "{{alias}}" } } ] }
            """);

        Assert.Equal([$"beds a and b have the same port {port}; each device serves one bed"], errors);
    }

    [Fact]
    public void A_profile_that_is_not_there_is_answered_with_those_that_are()
    {
        var error = Assert.Single(Errors("""
            { "site": "s", "device": "d", "model": { "path": "MODEL" }, "mqtt": { "url": "mqtt://localhost" },
              "beds": [ { "name": "a", "source": { "type": "device", "profile": "cyton", "port": "/dev/ttyUSB0" } } ] }
            """));

        Assert.StartsWith("beds:0:source:profile: profile is \"cyton\"; allowed is one of ", error, StringComparison.Ordinal);
        foreach (var name in new[] { "ecgfm,", "openbci-cyton", "polar-h10" }) Assert.Contains(name, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqtt://broker.example", false, false)]
    [InlineData("mqtt://broker.example", true, true)]
    [InlineData("mqtts://broker.example", false, true)]
    [InlineData("mqtt://127.0.0.1:1884", false, true)]
    [InlineData("mqtt://[::1]:1884", false, true)]
    public void Plain_mqtt_beyond_loopback_is_refused_unless_it_is_written_out(string url, bool allowInsecure, bool allowed)
    {
        var json = $$"""
            { "site": "s", "device": "d", "model": { "path": "MODEL" }, "mqtt": { "url": "{{url}}", "allowInsecure": {{(allowInsecure ? "true" : "false")}} },
              "beds": [ { "name": "b", "source": { "type": "simulator" } } ] }
            """;
        if (allowed) Assert.Equal(url.StartsWith("mqtts", StringComparison.Ordinal), Read(json).Broker!.Address.Tls);
        else Assert.StartsWith($"mqtt:url is \"{url}\"; allowed is mqtts://", Assert.Single(Errors(json)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_file_that_others_can_read_is_refused()
    {
        var file = Path.Combine(_folder.FullName, "password");
        File.WriteAllText(file, "secret\n");
        string Json() => $$"""
            { "site": "s", "device": "d", "model": { "path": "MODEL" }, "mqtt": { "url": "mqtt://localhost", "userName": "u", "passwordFile": "{{file}}" },
              "beds": [ { "name": "b", "source": { "type": "simulator" } } ] }
            """;

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.EndsWith($"a file that only its owner can read: chmod 600 {file}", Assert.Single(Errors(Json())), StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("secret", Read(Json()).Broker!.Password);
    }

    [Fact]
    public void Broken_json_names_the_file_and_the_line()
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, "{\n  \"site\": \n}");
        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file)).Errors);
        Assert.StartsWith($"{file} is no valid JSON in line 3: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_has_a_folder_and_limits()
    {
        const string Rest = """ "site": "w", "device": "b", "mqtt": { "url": "mqtt://localhost" }, "beds": [ { "name": "x", "source": { "type": "simulator" } } ] }""";
        Assert.Null(Read("{" + Rest).Recording);
        Assert.Equal(new RecordingConfiguration("/srv/ecg", 20, 7.5), Read("""{ "record": { "directory": "/srv/ecg", "maxGigabytes": 20, "maxDays": 7.5 },""" + Rest).Recording);
        Assert.Equal(
            ["record:directory is missing; allowed is a folder for recordings", "record:maxDays is \"0\"; allowed is a number from 0.1 to 36500", "record:maxBytes is no setting; allowed are directory, maxDays, maxGigabytes"],
            Errors("""{ "record": { "maxDays": 0, "maxBytes": 7 },""" + Rest));
    }

    [Fact]
    public void The_example_is_right()
    {
        var example = ConfigurationLoader.Load(Path.Combine(EcgFm.Testing.TestData.Repository, "device", "ecgfm-edge.example.json"));
        Assert.Equal(["bed-1", "bed-2"], example.Beds.Select(bed => bed.Name));
        Assert.Equal(("ws://localhost:9001", "ecgfm/v1"), (example.Dashboard!.Broker!.OriginalString, example.Dashboard.TopicRoot));
    }

    [Fact]
    public void What_the_package_installs_is_right()
    {
        var installed = ConfigurationLoader.Load(Path.Combine(EcgFm.Testing.TestData.Repository, "device", "package", "edge.json"));
        Assert.Equal("/var/lib/ecgfm-edge", installed.StateDirectory);
        Assert.IsType<SourceConfiguration.Device>(Assert.Single(installed.Beds).Source);
    }
}
