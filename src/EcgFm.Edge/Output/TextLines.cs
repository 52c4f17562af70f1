using System.Globalization;
using EcgFm.Core;

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

    public void Show(Alert alert) => Write(Line(alert));

    /// <summary>The line for a step of an alert.</summary>
    public static string Line(Alert alert) => Line(alert.Time, alert.Priority, alert.Title, alert.State, alert.Bed, alert.Onset, alert.Probability);

    /// <summary>The line for a step of an alert.</summary>
    public static string Line(DateTimeOffset time, AlertPriority priority, string title, AlertState state, string bed, DateTimeOffset onset, float? probability) =>
        string.Create(CultureInfo.InvariantCulture, $"{Time(time)}  {bed}  ALERT {state.ToString().ToLowerInvariant()}: {title} ({priority.ToString().ToLowerInvariant()} priority, since {Time(onset)}{(probability is { } p ? $", probability {p:0.00}" : "")})");

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private void Write(string line)
    {
        lock (_gate) output.WriteLine(line);
    }
}
