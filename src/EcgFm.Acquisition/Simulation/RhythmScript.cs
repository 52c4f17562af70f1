using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EcgFm.Acquisition.Simulation;

/// <summary>What a simulated patient goes through.</summary>
/// <remarks>
/// As text, episodes stand one after the other, separated by commas: <c>sinus:60s,af@110:2m,sinus@72+pvc=0.1+off=LA:30s</c>. An episode is a rhythm
/// (<c>sinus brady tachy bigeminy trigeminy af flutter svt vt vf pause</c>), the rate in beats a minute after <c>@</c>, conditions after <c>+</c>, and the duration
/// after <c>:</c> (<c>ms s m h</c>). Conditions: <c>pvc=0.1</c> (probability of a premature beat), <c>off=LA/V1</c> (electrodes RA LA LL RL V1 to V6),
/// <c>quiet</c>, <c>moving</c>, <c>clean</c> (sets of disturbances), and singly in millivolts <c>white= muscle= wander= hum= hum60=</c>, and <c>motion=</c> a
/// minute. The last episode may do without a duration and then never ends; <c>repeat</c> as last word begins again.
/// </remarks>
public sealed record RhythmScript : IParsable<RhythmScript>
{
    /// <summary>The grammar in one sentence, for error messages and help.</summary>
    public const string Grammar =
        "episodes separated by commas, each rhythm[@rate][+condition…][:duration], such as 'sinus:60s,af@110:2m,sinus+pvc=0.1:30s'; "
        + "rhythms: sinus, brady, tachy, bigeminy, trigeminy, af, flutter, svt, vt, vf, pause; "
        + "conditions: pvc=0.1, off=LA/V1, quiet, moving, clean, white=, muscle=, wander=, hum=, hum60= (mV), motion= (a minute); "
        + "durations in ms, s, m or h; 'repeat' as last word begins again";

    private static readonly ImmutableArray<(string Name, RhythmKind Kind)> Names =
    [
        ("sinus", RhythmKind.Sinus), ("brady", RhythmKind.Bradycardia), ("tachy", RhythmKind.Tachycardia), ("bigeminy", RhythmKind.Bigeminy),
        ("trigeminy", RhythmKind.Trigeminy), ("af", RhythmKind.AtrialFibrillation), ("flutter", RhythmKind.AtrialFlutter),
        ("svt", RhythmKind.SupraventricularTachycardia), ("vt", RhythmKind.VentricularTachycardia), ("vf", RhythmKind.VentricularFibrillation),
        ("pause", RhythmKind.Asystole),
        ("normal", RhythmKind.Sinus), ("bradycardia", RhythmKind.Bradycardia), ("tachycardia", RhythmKind.Tachycardia), ("afib", RhythmKind.AtrialFibrillation),
        ("afl", RhythmKind.AtrialFlutter), ("asystole", RhythmKind.Asystole),
    ];

    private static readonly ImmutableArray<(string Suffix, double Seconds)> Units = [("ms", 1e-3), ("s", 1), ("m", 60), ("min", 60), ("h", 3600)];

    /// <param name="episodes">The episodes; only the last one may be without end.</param>
    /// <param name="repeats">Whether the first follows the last.</param>
    /// <exception cref="ArgumentException">There is no episode, or one that never comes.</exception>
    public RhythmScript(ImmutableArray<Episode> episodes, bool repeats = false)
    {
        if (episodes.IsDefaultOrEmpty) throw new ArgumentException("A script has an episode.", nameof(episodes));
        for (var i = 0; i < episodes.Length; i++)
        {
            if (episodes[i].Duration is null && (i < episodes.Length - 1 || repeats))
                throw new ArgumentException("Only the last episode of a script that does not repeat may be without duration.", nameof(episodes));
            if (episodes[i].Duration <= TimeSpan.Zero) throw new ArgumentException("A duration is longer than nothing.", nameof(episodes));
        }

        Episodes = episodes;
        Repeats = repeats;
    }

    /// <summary>The episodes in their order.</summary>
    public ImmutableArray<Episode> Episodes { get; }

    /// <summary>Whether the first episode follows the last.</summary>
    public bool Repeats { get; }

    /// <summary>The time until the script ends; null when it never does.</summary>
    public TimeSpan? Duration => Repeats || Episodes[^1].Duration is null ? null : Total;

    /// <summary>The durations of all episodes together, without one that never ends.</summary>
    internal TimeSpan Total => Episodes.Aggregate(TimeSpan.Zero, (sum, episode) => sum + (episode.Duration ?? TimeSpan.Zero));

    /// <summary>Reads a script.</summary>
    /// <exception cref="FormatException">The text is none; the message says which part, and the grammar.</exception>
    public static RhythmScript Parse(string s, IFormatProvider? provider = null) =>
        Read(s ?? "", out var error) ?? throw new FormatException($"{error} A script is: {Grammar}.");

    /// <summary>Reads a script; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RhythmScript result)
    {
        result = Read(s ?? "", out _);
        return result is not null;
    }

    /// <inheritdoc cref="TryParse(string?, IFormatProvider?, out RhythmScript)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out RhythmScript result) => TryParse(s, null, out result);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Join(',', Episodes.Select(Text)) + (Repeats ? ",repeat" : "");

    private static RhythmScript? Read(string text, out string? error)
    {
        var episodes = ImmutableArray.CreateBuilder<Episode>();
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var repeats = parts.Length > 1 && parts[^1].Equals("repeat", StringComparison.OrdinalIgnoreCase);
        foreach (var part in repeats ? parts[..^1] : parts)
        {
            if (ReadEpisode(part, out error) is not { } episode) return null;
            episodes.Add(episode);
        }

        try
        {
            error = null;
            return new RhythmScript(episodes.ToImmutable(), repeats);
        }
        catch (ArgumentException problem)
        {
            error = problem.Message.Split(" (Parameter", 2)[0];
            return null;
        }
    }

    private static Episode? ReadEpisode(string text, out string? error)
    {
        error = null;
        TimeSpan? duration = null;
        var head = text;
        if (text.LastIndexOf(':') is var colon and >= 0)
        {
            head = text[..colon];
            duration = ReadDuration(text[(colon + 1)..]);
            if (duration is null) return Wrong($"'{text[(colon + 1)..]}' is no duration.", out error);
        }

        var words = head.Split('+', StringSplitOptions.TrimEntries);
        double? rate = null;
        var name = words[0];
        if (name.IndexOf('@') is var at and >= 0)
        {
            rate = ReadNumber(name[(at + 1)..]);
            if (rate is not (>= 15 and <= 350)) return Wrong($"'{name[(at + 1)..]}' is no rate from 15 to 350 beats a minute.", out error);
            name = name[..at];
        }

        var index = Names.ToList().FindIndex(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index < 0) return Wrong($"'{name}' is no rhythm.", out error);
        var episode = new Episode(Names[index].Kind, duration, rate);
        foreach (var word in words.AsSpan(1))
        {
            if (WithCondition(episode, word) is not { } changed) return Wrong($"'{word}' is no condition.", out error);
            episode = changed;
        }

        return episode;
    }

    private static Episode? WithCondition(Episode episode, string word)
    {
        var (key, value) = word.IndexOf('=') is var equals and >= 0 ? (word[..equals], word[(equals + 1)..]) : (word, "");
        var noise = episode.Noise ?? NoiseLevels.Quiet;
        var number = ReadNumber(value);
        return (key.ToUpperInvariant(), number) switch
        {
            ("PVC", >= 0 and <= 1) => episode with { Ectopy = number.Value },
            ("OFF", _) when ReadElectrodes(value) is { } off => episode with { Off = episode.Off | off },
            ("CLEAN", null) when value == "" => episode with { Noise = NoiseLevels.None },
            ("QUIET", null) when value == "" => episode with { Noise = NoiseLevels.Quiet },
            ("MOVING", null) when value == "" => episode with { Noise = NoiseLevels.Moving },
            ("WHITE", >= 0) => episode with { Noise = noise with { White = number.Value } },
            ("MUSCLE", >= 0) => episode with { Noise = noise with { Muscle = number.Value } },
            ("WANDER", >= 0) => episode with { Noise = noise with { Wander = number.Value } },
            ("HUM" or "HUM50", >= 0) => episode with { Noise = noise with { Mains = number.Value, MainsFrequency = 50 } },
            ("HUM60", >= 0) => episode with { Noise = noise with { Mains = number.Value, MainsFrequency = 60 } },
            ("MOTION", >= 0) => episode with { Noise = noise with { MotionPerMinute = number.Value } },
            _ => null,
        };
    }

    private static Electrodes? ReadElectrodes(string text)
    {
        var off = Electrodes.None;
        foreach (var name in text.Split('/', StringSplitOptions.TrimEntries))
        {
            if (name.Length != 2 || !char.IsAsciiLetter(name[0]) || !Enum.TryParse<Electrodes>(name, ignoreCase: true, out var electrode)) return null;
            off |= electrode;
        }

        return off;
    }

    private static TimeSpan? ReadDuration(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]);
        var unit = Units.ToList().FindIndex(entry => entry.Suffix == trimmed[digits.Length..]);
        if (unit < 0 || ReadNumber(digits) is not { } number) return null;
        var seconds = number * Units[unit].Seconds;
        return seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Episode? Wrong(string message, out string? error)
    {
        error = message;
        return null;
    }

    private static string Text(Episode episode)
    {
        var text = new StringBuilder(Names.First(entry => entry.Kind == episode.Rhythm).Name);
        if (episode.Rate is { } rate) text.Append(CultureInfo.InvariantCulture, $"@{rate}");
        if (episode.Ectopy > 0) text.Append(CultureInfo.InvariantCulture, $"+pvc={episode.Ectopy}");
        if (episode.Off != Electrodes.None) text.Append("+off=").Append(episode.Off.ToString().Replace(", ", "/", StringComparison.Ordinal));
        if (episode.Noise is { } noise)
        {
            text.Append(CultureInfo.InvariantCulture, $"+white={noise.White}+muscle={noise.Muscle}+wander={noise.Wander}");
            text.Append(CultureInfo.InvariantCulture, $"+hum{noise.MainsFrequency}={noise.Mains}+motion={noise.MotionPerMinute}");
        }

        if (episode.Duration is { } duration) text.Append(CultureInfo.InvariantCulture, $":{duration.TotalSeconds}s");
        return text.ToString();
    }
}
