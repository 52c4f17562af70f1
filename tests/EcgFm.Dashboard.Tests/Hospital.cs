using System.Globalization;
using EcgFm.Testing;

namespace EcgFm.Dashboard.Tests;

/// <summary>A real broker that browsers reach too, and real daemons with simulated patients. The first one serves the page.</summary>
public sealed class Hospital : IAsyncDisposable
{
    /// <summary>Atrial fibrillation is judged by each window, every two seconds: the convention of thirty seconds is the daemon's own to test.</summary>
    private const string QuickRules = """{ "code": "atrial-fibrillation", "startCount": 1, "startWindows": 1, "endCount": 1, "endWindows": 1, "secondOpinion": "none" }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-hospital-");
    private readonly List<EdgeProcess> _boxes = [];
    private readonly bool _locked;

    private Hospital(MosquittoBroker broker, bool locked) => (Broker, _locked) = (broker, locked);

    /// <summary>Who may connect to a broker that is locked, boxes and people alike.</summary>
    public static (string User, string Password) Key => ("nurse-station", "a password of the test");

    /// <summary>What the page asks for where the hospital is locked.</summary>
    public static string Token => "0123456789abcdef0123456789abcdef";

    /// <summary>The broker.</summary>
    public MosquittoBroker Broker { get; }

    /// <summary>Where the page is.</summary>
    public Uri Page { get; private set; } = null!;

    /// <summary>What a page may reach.</summary>
    public IEnumerable<string> Hosts => [Page.Authority, $"127.0.0.1:{Broker.WebSocketPort}"];

    /// <summary>Starts a broker, and a first box with these beds; nobody needs a password or token.</summary>
    public static Task<Hospital> OpenAsync(params (string Name, string Script)[] beds) => OpenAsync(locked: false, beds);

    /// <summary>Starts a broker, and a first box with these beds.</summary>
    /// <param name="locked">Whether the broker wants a user and the page a token.</param>
    /// <param name="beds">The beds and what their patients do.</param>
    public static async Task<Hospital> OpenAsync(bool locked, params (string Name, string Script)[] beds)
    {
        var users = locked ? new Dictionary<string, string> { [Key.User] = Key.Password } : [];
        var hospital = new Hospital(await MosquittoBroker.StartAsync(new() { WebSockets = true, Users = users }), locked);
        try
        {
            var box = hospital.StartBox("box-1", beds);
            hospital.Page = new Uri((await box.ErrorAsync("The dashboard is at ")).Split("The dashboard is at ")[1].TrimEnd('.'));
            return hospital;
        }
        catch
        {
            await hospital.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more box with these beds.</summary>
    public EdgeProcess StartBox(string name, params (string Name, string Script)[] beds)
    {
        var hop = beds.Length > 8 ? 10 : 2;
        var list = beds.Select((bed, seed) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{ "name": "{{bed.Name}}", "hopSeconds": {{hop}}, "source": { "type": "simulator", "script": "{{bed.Script}}", "seed": {{seed + 1}} } }"""));
        var file = Path.Combine(_folder.FullName, name + ".json");
        var page = _boxes.Count > 0 ? "" : $"\"port\": {MosquittoBroker.FreePort()}, \"broker\": \"ws://127.0.0.1:{Broker.WebSocketPort}\"" + (_locked ? $", \"tokenFile\": \"{Secret("token", Token)}\"" : "");
        var user = _locked ? $", \"userName\": \"{Key.User}\", \"passwordFile\": \"{Secret("password", Key.Password)}\"" : "";
        File.WriteAllText(file, $$"""
            {
              "site": "ward", "device": "{{name}}", "stateDirectory": "{{Path.Combine(_folder.FullName, name)}}",
              "mqtt": { "url": "mqtt://127.0.0.1:{{Broker.Port}}"{{user}} },
              "dashboard": { {{page}} },
              "rules": [ {{QuickRules}} ],
              "beds": [ {{string.Join(",\n", list)}} ]
            }
            """);
        var box = EdgeProcess.Start("run", "--config", file);
        _boxes.Add(box);
        return box;
    }

    private string Secret(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var box in _boxes) await box.DisposeAsync();
        await Broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
