using System.Globalization;
using EcgFm.Core;
using EcgFm.Edge.Output;
using EcgFm.Telemetry.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EcgFm.Edge.Demo;

/// <summary>What the demonstration shows on a terminal: heart rate, leads, labels, and the alerts as the broker gave them back.</summary>
internal sealed class DemoView
{
    /// <summary>How many alert lines stay in sight.</summary>
    private const int AlertLines = 6;

    private readonly Lock _gate = new();
    private readonly List<string> _alerts = [];
    private readonly string _model;
    private readonly string _broker;
    private readonly Uri? _page;
    private Vitals? _vitals;
    private Interpretation? _interpretation;

    /// <param name="model">The network in use and what it runs on.</param>
    /// <param name="broker">Where the alerts go and come back from.</param>
    /// <param name="page">Where a browser sees the bed; null when this program was built without the page.</param>
    public DemoView(string model, string broker, Uri? page) => (_model, _broker, _page) = (model, broker, page);

    /// <summary>Takes new vitals.</summary>
    public void Update(Vitals vitals)
    {
        lock (_gate) _vitals = vitals;
    }

    /// <summary>Takes a new interpretation.</summary>
    public void Update(Interpretation interpretation)
    {
        lock (_gate) _interpretation = interpretation;
    }

    /// <summary>Takes an alert that came back from the broker.</summary>
    public void Add(AlertMessage alert)
    {
        lock (_gate)
        {
            _alerts.Add($"{(alert.State == AlertState.Cleared ? "[green]" : Colour(alert.Priority))}{Markup.Escape(TextLines.Line(alert))}[/]");
            if (_alerts.Count > AlertLines) _alerts.RemoveAt(0);
        }
    }

    /// <summary>The view as it is now.</summary>
    public IRenderable Render()
    {
        lock (_gate)
        {
            return new Rows(
                new Panel(Patient()) { Header = new("EcgFm.Edge demonstration: research software, not a medical device"), Expand = true },
                new Panel(Labels()) { Header = new("Labels of the last ten seconds"), Expand = true },
                new Panel(new Markup(_alerts.Count == 0 ? "[grey]none yet[/]" : string.Join('\n', _alerts))) { Header = new($"Alerts as they came back from {Markup.Escape(_broker)}"), Expand = true },
                new Markup($"{(_page is null ? "" : $"In a browser: [bold]{Markup.Escape(_page.AbsoluteUri)}[/]   ")}[grey]{Markup.Escape(_model)}   Ctrl-C ends[/]"));
        }
    }

    private Markup Patient()
    {
        if (_vitals is null) return new("[grey]waiting for ten seconds of signal …[/]");
        var rate = _vitals.HeartRate is { } bpm ? string.Create(CultureInfo.InvariantCulture, $"[bold green]{bpm:0}[/] /min") : "[yellow]–[/]";
        var leads = _vitals.LeadOff.Count == 0 ? "[green]all leads on[/]" : $"[yellow]leads off: {_vitals.LeadOff}[/]";
        var quality = _vitals.Quality.Usable ? "[green]usable[/]" : $"[yellow]not usable: {_vitals.Quality.Any}[/]";
        return new($"Heart rate {rate}   Leads {leads}   Signal {quality}");
    }

    private IRenderable Labels()
    {
        if (_interpretation is null) return new Markup("[grey]waiting …[/]");
        var chart = new BarChart().WithMaxValue(100);
        for (var i = 0; i < _interpretation.Labels.Length; i++)
        {
            var (label, probability) = (_interpretation.Labels[i], _interpretation.Probabilities[i]);
            chart.AddItem(Markup.Escape(label.Name), Math.Round(probability * 100.0), probability >= label.Threshold ? Color.Yellow : Color.Grey);
        }

        return chart;
    }

    private static string Colour(AlertPriority priority) => priority switch
    {
        // The colours of IEC 60601-1-8; the priority stands in the text too.
        AlertPriority.High => "[bold red]",
        AlertPriority.Medium => "[bold yellow]",
        _ => "[bold cyan]",
    };
}
