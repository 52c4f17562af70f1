using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EcgFm.Acquisition.Dialogues;
using EcgFm.Acquisition.Frames;
using EcgFm.Core;

namespace EcgFm.Acquisition.Profiles;

/// <summary>Reads a device profile from JSON and says all that is wrong with it at once. <c>device/profiles/profile.schema.json</c> describes the format.</summary>
public static class ProfileReader
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly (string Name, TransportKind Kind)[] TransportKinds =
        [("serial", TransportKind.Serial), ("tcp", TransportKind.Tcp), ("ble-notify", TransportKind.BleNotify), ("rfcomm", TransportKind.Rfcomm)];

    private static readonly (string Name, LeadOffSource Source)[] LeadOffSources =
        [("none", LeadOffSource.None), ("frame", LeadOffSource.Frame), ("rail", LeadOffSource.Rail)];

    private static readonly (string Name, (int Bytes, bool LittleEndian) Layout)[] FieldTypes =
        [("int16le", (2, true)), ("int16be", (2, false)), ("int24le", (3, true)), ("int24be", (3, false)), ("int32le", (4, true)), ("int32be", (4, false))];

    /// <summary>Reads a file; the profile's name is the file's.</summary>
    /// <exception cref="ProfileException">It is not there, or something in it is wrong.</exception>
    public static DeviceProfile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), Path.GetFileNameWithoutExtension(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProfileException([$"{path}: the profile cannot be read ({fault.Message})"]);
        }
    }

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The profile's name.</param>
    /// <param name="source">Where the text comes from, for errors.</param>
    /// <exception cref="ProfileException">Something in it is wrong.</exception>
    public static DeviceProfile Parse(string json, string name, string source)
    {
        var errors = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var profile = Profile(new ProfileNode(document.RootElement, source, "", errors), name);
            if (errors.Count == 0) return profile;
        }
        catch (JsonException fault)
        {
            errors.Add($"{source}: no valid JSON in line {fault.LineNumber + 1}: {fault.Message}");
        }

        throw new ProfileException(errors);
    }

    private static DeviceProfile Profile(ProfileNode root, string name)
    {
        _ = root.Text("$schema", "");
        var title = root.Text("title", null);
        var transport = Transport(root.Object("transport"));
        var (framing, settings) = Framing(root.Object("framing"));
        var describesItself = framing?.DescribesItself ?? false;
        if (describesItself)
            foreach (var key in (string[])["sampleRate", "adc", "channels"])
                if (root.Has(key)) root.Wrong(key, "nothing: these frames say it themselves");
        var rate = describesItself ? 0 : root.Number("sampleRate", null, 1, 100_000);
        var channels = describesItself ? [] : Channels(root, framing?.Inputs(settings) ?? 0);
        var leadOff = root.Optional("leadOff");
        var from = leadOff?.Choice("from", LeadOffSources, LeadOffSource.None) ?? LeadOffSource.None;
        var rail = from == LeadOffSource.Rail ? leadOff!.Integer("railCounts", null, 1, int.MaxValue) : int.MaxValue;
        leadOff?.RejectUnknown();
        var test = root.Optional("leadOffTest") is { } node ? Test(root, node, rate, framing, settings) : null;
        var profile = new DeviceProfile
        {
            Name = name,
            Title = title,
            Transport = transport,
            Framing = settings,
            SampleRate = rate,
            Channels = channels,
            Settling = root.Seconds("settleSeconds", 0, 60),
            LeadOff = from,
            RailCounts = rail,
            LeadOffTest = test,
            Start = [.. root.List("start").Select(Step)],
            Stop = [.. root.List("stop").Select(Step)],
        };
        root.RejectUnknown();
        return profile;
    }

    private static TransportSettings Transport(ProfileNode node)
    {
        var kind = node.Choice("kind", TransportKinds, null);
        var settings = kind switch
        {
            TransportKind.Serial => new TransportSettings { Kind = kind, BaudRate = node.Integer("baudRate", null, 1200, 4_000_000) },
            TransportKind.BleNotify => new TransportSettings { Kind = kind, Service = node.Uuid("service", true), Notify = node.Uuid("notify", true), Write = node.Uuid("write", false) },
            _ => new TransportSettings { Kind = kind },
        };
        node.RejectUnknown();
        return settings;
    }

    private static (Framing? Framing, FramingSettings Settings) Framing(ProfileNode node)
    {
        var kind = node.Text("kind", null);
        var settings = new FramingSettings { Kind = kind };
        if (!Framings.All.TryGetValue(kind, out var framing))
        {
            if (kind.Length > 0) node.Wrong("kind", "one of " + string.Join(", ", Framings.All.Keys.Order(StringComparer.Ordinal)));
            return (null, settings);
        }

        foreach (var option in framing.Options)
            settings = option switch
            {
                "daisy" => settings with { Daisy = node.Flag("daisy", false) },
                "packetType" => settings with { PacketType = node.Integer("packetType", 2, 0, 255) },
                "payloadLength" => settings with { PayloadLength = node.Integer("payloadLength", null, 1, 1024) },
                "fields" => settings with { Fields = Fields(node, settings.PayloadLength) },
                "converters" => settings with { Converters = node.Integer("converters", 8, 4, 8) },
                _ => throw new InvalidOperationException($"The framing {kind} has an option \"{option}\" that no profile can give."),
            };
        node.RejectUnknown();
        return (framing, settings);
    }

    private static ImmutableArray<PayloadField> Fields(ProfileNode framing, int payload)
    {
        var fields = framing.List("fields").Select(node =>
        {
            var (bytes, little) = node.Choice("type", FieldTypes, null);
            var at = node.Integer("at", null, 0, Math.Max(payload - Math.Max(bytes, 1), 0));
            var bits = node.Integer("bits", Math.Max(8 * bytes, 2), 2, Math.Max(8 * bytes, 2));
            var offsetBinary = node.Choice("coding", [("twos-complement", false), ("offset-binary", true)], false);
            node.RejectUnknown();
            return new PayloadField(at, bytes, little, bits, offsetBinary);
        }).ToImmutableArray();
        if (fields.IsEmpty) framing.Missing("fields", "a list of where the channels stand in the payload");
        return fields;
    }

    private static ImmutableArray<ProfileChannel> Channels(ProfileNode root, int inputs)
    {
        var adc = root.Optional("adc");
        var volts = adc?.Number("referenceVolts", null, 0.01, 100) ?? 0;
        var fullScale = adc?.Number("fullScaleCounts", null, 1, 4294967296) ?? 0;
        var gain = adc?.Number("gain", 1, 0.001, 100_000) ?? 1;
        adc?.RejectUnknown();
        var most = inputs > 0 ? inputs : ChannelLayout.MaxChannels;
        var channels = root.List("channels").Select(node =>
        {
            var input = node.Integer("input", null, 1, most) - 1;
            var lead = node.Text("lead", null);
            if (!node.Has("microvoltsPerCount") && adc is null) node.Missing("microvoltsPerCount", "a number, unless the profile has adc");
            var scale = node.Has("microvoltsPerCount")
                ? node.Number("microvoltsPerCount", null, 1e-9, 1e6)
                : volts * 1e6 / (fullScale * node.Number("gain", gain, 0.001, 100_000));
            var sign = node.Flag("inverted", false) ? -1 : 1;
            var zero = node.Number("zeroCount", 0, int.MinValue, int.MaxValue);
            node.RejectUnknown();
            return new ProfileChannel(input, lead, sign * scale, zero);
        }).ToImmutableArray();
        if (channels.IsEmpty) root.Missing("channels", "a list of at least one channel with input and lead");
        if (channels.Length > ChannelLayout.MaxChannels) root.Wrong("channels", $"at most {ChannelLayout.MaxChannels} channels");
        foreach (var twice in channels.GroupBy(channel => channel.Lead).Where(same => same.Count() > 1))
            root.Wrong("channels", string.Create(CultureInfo.InvariantCulture, $"each lead once, and \"{twice.Key}\" is there {twice.Count()} times"));
        return channels;
    }

    private static LeadOffTest Test(ProfileNode root, ProfileNode node, double rate, Framing? framing, FramingSettings settings)
    {
        var test = new LeadOffTest
        {
            Hertz = node.Number("hertz", null, 0.1, 100_000),
            Amperes = node.Number("nanoamperes", null, 0.1, 100_000) / 1e9,
            SeriesOhms = node.Number("seriesOhms", 0, 0, 1e6),
            OffOhms = node.Number("offKiloohms", null, 1, 100_000) * 1e3,
            Start = [.. node.List("start").Select(Step)],
        };
        node.RejectUnknown();
        var (samples, bits) = (test.SamplesOfWave(rate), framing?.CounterBitsOf?.Invoke(settings) ?? framing?.CounterBits ?? 0);
        if (samples < 4 || Math.Abs(samples * test.Hertz - rate) > 1e-6 * rate || (1L << bits) % samples != 0)
            node.Wrong("hertz", "a frequency of which a wave takes a whole number of samples, at least four, that divides the turn of the frames' counter");
        if (!root.Has("start")) node.Wrong("start", "nothing: the board has no start of its own, in which these would be said");
        return test;
    }

    private static DialogueStep Step(ProfileNode node)
    {
        var step = new DialogueStep
        {
            Write = node.Text("write", ""),
            Expect = node.Text("expect", ""),
            Within = node.Seconds("withinSeconds", 2, 60),
            Refusal = node.Text("refusal", ""),
            Optional = node.Flag("optional", false),
            Hint = node.Text("hint", ""),
            Pause = node.Seconds("pauseSeconds", 0, 60),
        };
        node.RejectUnknown();
        return step;
    }
}
