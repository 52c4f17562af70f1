using System.Text.Json;
using EcgFm.Acquisition.Profiles;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Doctor;

/// <summary>All checks, one after the other, and what they found.</summary>
internal static class Examination
{
    /// <summary>The checks for a configuration; without one, those that need none.</summary>
    public static IEnumerable<ICheck> ChecksFor(ConfigurationCheck configuration)
    {
        var box = new BoxFiles();
        yield return new RuntimeCheck(box);
        yield return configuration;
        yield return new LibrariesCheck(configuration.Configuration, ("libmosquitto.so.1", "libmosquitto1"), ("libsystemd.so.0", "libsystemd0"));
        if (configuration.Configuration is { } read)
        {
            yield return new ModelCheck(read, box);
            yield return new PortsCheck(read, box);
            yield return new BluetoothCheck(needed: read.Beds.Any(bed => bed.Source is SourceConfiguration.Device { Profile.Transport.Kind: TransportKind.BleNotify or TransportKind.Rfcomm }), box);
            yield return new BrokerCheck(read);
            if (read.Dashboard is { } dashboard) yield return new DashboardCheck(dashboard);
            yield return new DiskCheck(read);
        }

        yield return new ClockCheck();
        yield return new ProcessorCheck(box);
    }

    /// <summary>Makes each check and gives each finding as it comes.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(IEnumerable<ICheck> checks, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var check in checks)
            foreach (var finding in await check.ExamineAsync(stop).ConfigureAwait(false))
                yield return finding;
    }

    /// <summary>A finding for a person, on one or two lines.</summary>
    public static string Line(Finding finding)
    {
        var text = $"{finding.Verdict.ToString().ToLowerInvariant(),-8} {finding.Check,-13} {finding.Text}";
        return finding.Cure is null ? text : $"{text}{Environment.NewLine}{"",22} → {finding.Cure}";
    }

    /// <summary>All findings as one JSON object.</summary>
    public static string Json(IReadOnlyCollection<Finding> findings)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", "doctor");
            json.WriteNumber("problems", findings.Count(finding => finding.Verdict == Verdict.Problem));
            json.WriteStartArray("findings");
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("check", finding.Check);
                json.WriteString("verdict", finding.Verdict.ToString().ToLowerInvariant());
                json.WriteString("text", finding.Text);
                if (finding.Cure is not null) json.WriteString("cure", finding.Cure);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }
}
