using System.Diagnostics;

namespace EcgFm.Testing;

/// <summary>A D-Bus message bus of the test's own, on a socket in a folder of its own. Disposing ends it and removes the folder.</summary>
public sealed class MessageBus : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-dbus-");
    private readonly Process _process;

    private MessageBus(string policy)
    {
        var configuration = Path.Combine(_folder.FullName, "bus.conf");
        File.WriteAllText(configuration, $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>custom</type>
              <listen>unix:path={_folder.FullName}/bus</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <allow own="*"/>
                <allow send_destination="*"/>
                <allow receive_sender="*"/>
                {policy}
              </policy>
            </busconfig>
            """);
        _process = new Process { StartInfo = new ProcessStartInfo("dbus-daemon", [$"--config-file={configuration}", "--nofork", "--print-address"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
    }

    /// <summary>What a client connects with.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts a bus and waits until it takes connections.</summary>
    /// <param name="policy">More lines of its policy, which stand over what comes before: everything is allowed.</param>
    public static async Task<MessageBus> StartAsync(string policy = "")
    {
        var bus = new MessageBus(policy);
        bus._process.Start();
        bus.Address = await bus._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))
            ?? throw new InvalidOperationException($"dbus-daemon ended: {await bus._process.StandardError.ReadToEndAsync()}");
        return bus;
    }

    /// <summary>Ends it abruptly.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
