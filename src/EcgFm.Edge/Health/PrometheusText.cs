using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace EcgFm.Edge.Health;

/// <summary>Writes the observable instruments of a meter as Prometheus reads them (its text exposition format 0.0.4).</summary>
internal static class PrometheusText
{
    /// <summary>What it is called.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All instruments with their values now.</summary>
    public static string Write(Meter meter)
    {
        var values = new SortedDictionary<string, (Instrument Instrument, List<string> Lines)>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, meter)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            var name = Name(instrument);
            if (!values.TryGetValue(name, out var entry)) values[name] = entry = (instrument, []);
            entry.Lines.Add($"{name}{Labels(tags)} {value.ToString("R", CultureInfo.InvariantCulture)}");
        });
        listener.Start();
        listener.RecordObservableInstruments();

        var text = new StringBuilder();
        foreach (var (name, (instrument, lines)) in values)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
            text.Append("# TYPE ").Append(name).Append(IsCounter(instrument) ? " counter\n" : " gauge\n");
            foreach (var line in lines) text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<double>;

    private static string Name(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "Cel" => "_celsius", _ => "" };
        return instrument.Name.Replace('.', '_') + unit + (IsCounter(instrument) ? "_total" : "");
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new List<string>();
        foreach (var (key, value) in tags) labels.Add($"{key}=\"{value?.ToString()?.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        return $"{{{string.Join(',', labels)}}}";
    }
}
