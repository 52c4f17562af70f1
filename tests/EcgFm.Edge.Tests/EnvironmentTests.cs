using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Tests;

/// <summary>What the environment says. It is the whole process's: whoever read a configuration meanwhile would find it there.</summary>
[Collection(Alone.Name)]
public sealed class EnvironmentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-environment-");
    private readonly List<string> _changed = [];

    public void Dispose()
    {
        foreach (var name in _changed) Environment.SetEnvironmentVariable(name, null);
        _folder.Delete(recursive: true);
    }

    private void Set(string name, string? value)
    {
        _changed.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    [Fact]
    public void The_environment_stands_over_the_file()
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, $$"""
            { "site": "s", "device": "d", "model": { "path": "{{_folder.FullName}}" }, "mqtt": { "url": "mqtt://localhost" },
              "beds": [ { "name": "b", "source": { "type": "simulator" } } ] }
            """);
        Set("ECGFM_EDGE_mqtt__url", "mqtt://localhost:2000");
        Assert.Equal(2000, ConfigurationLoader.Load(file).Broker!.Address.Port);
    }

    [Fact]
    public void A_credential_of_systemd_is_read_whatever_rights_its_file_shows()
    {
        var file = Path.Combine(_folder.FullName, "broker-password");
        File.WriteAllText(file, "secret\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Set("CREDENTIALS_DIRECTORY", _folder.FullName);
        Assert.Equal(("secret", null), Password("credential:broker-password"));
        Assert.Equal(
            (null, $"mqtt:passwordFile is \"credential:../none\"; allowed is a credential that systemd gives this service: {_folder.FullName}/none is not there"),
            Password("credential:../none"));
    }

    [Fact]
    public void Without_systemd_it_is_told_how_a_command_gets_the_credential()
    {
        Set("CREDENTIALS_DIRECTORY", null);
        Assert.Equal(
            (null, "mqtt:passwordFile is \"credential:broker-password\"; allowed is a credential that systemd gives this service: $CREDENTIALS_DIRECTORY/broker-password is not there; "
                + "by hand: sudo systemd-run --pipe --wait -p LoadCredential=broker-password:FILE ecgfm-edge …"),
            Password("credential:broker-password"));
    }

    private static (string? Password, string? Error) Password(string file)
    {
        var values = new Dictionary<string, string?> { ["mqtt:url"] = "mqtts://broker.example", ["mqtt:userName"] = "box", ["mqtt:passwordFile"] = file };
        var errors = new List<string>();
        var read = BrokerSettings.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("mqtt"), errors), "s-d");
        return (read.Broker?.Password, errors.SingleOrDefault());
    }
}
