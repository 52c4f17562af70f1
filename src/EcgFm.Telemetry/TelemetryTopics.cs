using System.Text.RegularExpressions;

namespace EcgFm.Telemetry;

/// <summary>The topics of one device, below <c>{root}/{site}/{device}</c>. No patient name or identifier ever stands in a topic.</summary>
public sealed partial class TelemetryTopics
{
    private readonly string _base;

    /// <param name="root">The topic root, such as <c>ecgfm/v1</c>; it may have several levels.</param>
    /// <param name="site">The site, such as a ward: one level.</param>
    /// <param name="device">This box: one level.</param>
    /// <exception cref="ArgumentException">A part is no topic level; see <see cref="IsLevel"/>.</exception>
    public TelemetryTopics(string root, string site, string device)
    {
        if (!root.Split('/').All(IsLevel)) throw new ArgumentException($"\"{root}\" is no topic root: {LevelRule}, levels separated by '/'.", nameof(root));
        Check(site, nameof(site));
        Check(device, nameof(device));
        (Root, Site, Device) = (root, site, device);
        _base = $"{root}/{site}/{device}";
    }

    /// <summary>The topic root.</summary>
    public string Root { get; }

    /// <summary>The site.</summary>
    public string Site { get; }

    /// <summary>This box.</summary>
    public string Device { get; }

    /// <summary>What a topic level is made of, in words.</summary>
    public const string LevelRule = "1 to 64 letters, digits, '-', '_' or '.'";

    /// <summary>Whether the text can stand between two slashes of a topic.</summary>
    public static bool IsLevel(string text) => Level().IsMatch(text);

    /// <summary>Retained: online, stopped, or offline by the last will.</summary>
    public string Status => $"{_base}/status";

    /// <summary>Retained: how device, model and connection are.</summary>
    public string Health => $"{_base}/health";

    /// <summary>Each step of each alert of the bed; of the box itself for null.</summary>
    public string Alert(string? bed) => Of(bed, "alert");

    /// <summary>Retained: the alerts of the bed that are active now; of the box itself for null.</summary>
    public string ActiveAlerts(string? bed) => Of(bed, "alerts");

    /// <summary>Subscribed: what somebody asks of the bed's alerts; of the box's own for null.</summary>
    public string Command(string? bed) => Of(bed, "command");

    /// <summary>What became of it, unless the sender named a topic below this one.</summary>
    public string Answer(string? bed) => Of(bed, "answer");

    /// <summary>The ten seconds behind an alert.</summary>
    public string Snippet(string bed, Guid id) => $"{_base}/{bed}/snippet/{id}";

    /// <summary>Samples for live views, as they come.</summary>
    public string Wave(string bed) => $"{_base}/{bed}/wave";

    /// <summary>Each window's labels.</summary>
    public string Interpretation(string bed) => $"{_base}/{bed}/interpretation";

    /// <summary>Heart rate and lead state, once a second.</summary>
    public string Vitals(string bed) => $"{_base}/{bed}/vitals";

    private string Of(string? bed, string name) => bed is null ? $"{_base}/{name}" : $"{_base}/{bed}/{name}";

    private static void Check(string level, string parameter)
    {
        if (!IsLevel(level)) throw new ArgumentException($"\"{level}\" is no topic level: {LevelRule}.", parameter);
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Level();
}
