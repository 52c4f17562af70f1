using System.Globalization;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Output;

/// <summary>One line of plain text per window and per alert step, for people.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class TextLines(TextWriter output) : IMonitorOutput
{
    /// <summary>How many labels a line names, the most probable first.</summary>
    private const int Named = 3;

    private readonly Lock _gate = new();

    public void Show(Interpretation interpretation, string bed)
    {
        var (window, quality, heartRate) = interpretation.Input;
        var labels = interpretation.Labels.Zip(interpretation.Probabilities)
            .OrderByDescending(pair => pair.Second)
            .Take(Named)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.First.Name} {pair.Second:0.00}"));
        var rate = heartRate is { } bpm ? string.Create(CultureInfo.InvariantCulture, $"{bpm,3:0}/min") : "  –/min";
        var unfit = quality.Usable ? "" : $"  not usable: {quality.Any.ToString().ToLowerInvariant()}";
        Write($"{Time(window.Start)}  {bed}  {rate}  {string.Join(" · ", labels)}{unfit}");
    }

    public void Show(Alert alert) => Show(AlertMessage.From(alert));

    /// <summary>Shows an alert as it came back from the broker.</summary>
    public void Show(AlertMessage alert) => Write(Line(alert));

    /// <summary>The line for a step of an alert.</summary>
    public static string Line(AlertMessage alert)
    {
        var probability = alert.Probability is { } p ? string.Create(CultureInfo.InvariantCulture, $", probability {p:0.00}") : "";
        return $"{Time(alert.Time)}  {alert.Bed ?? "box"}  ALERT {alert.State.ToString().ToLowerInvariant()}: {alert.Title} ({alert.Priority.ToString().ToLowerInvariant()} priority, since {Time(alert.Onset)}{probability}){(alert.Detail is { } detail ? $" {detail}" : "")}";
    }

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private void Write(string line)
    {
        lock (_gate) output.WriteLine(line);
    }
}
