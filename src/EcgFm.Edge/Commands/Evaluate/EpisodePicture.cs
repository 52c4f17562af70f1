using System.Globalization;
using System.Security;
using System.Text;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Evaluation;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>A record on one sheet: its annotated rhythms, the alerts, what network and beats said in every window, the heart rate, and ten seconds of some moments.</summary>
internal sealed class EpisodePicture
{
    private const double Width = 1240, Left = 96, Right = 24, Plot = Width - Left - Right, StripHeight = 118;
    private const int MostStrips = 4;
    private const string Ink = "#1d2733", Faint = "#66727f", Rule = "#d9dee4", Both = "#b3261e", Network = "#2f6db3", Beats = "#c98a1b";

    private readonly StringBuilder _svg = new();
    private readonly RecordRun _run;
    private readonly EpisodeViews _views;
    private readonly double _seconds;

    private EpisodePicture(RecordRun run, EpisodeViews views) => (_run, _views, _seconds) = (run, views, run.Record.Duration.TotalSeconds);

    /// <summary>The picture, as SVG.</summary>
    public static string Draw(RecordRun run, WfdbAnnotations reference, EpisodeViews views)
    {
        var picture = new EpisodePicture(run, views);
        var strips = picture.Moments();
        var height = 432 + (strips.Count * (StripHeight + 34));
        picture.Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" font-family="'DejaVu Sans', Arial, sans-serif" font-size="12" fill="{Ink}">""");
        picture.Add($"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        picture.Title();
        picture.Rhythms(reference, top: 62);
        picture.AlertBand(top: 96);
        picture.Probabilities(top: 136, height: 150);
        picture.HeartRates(top: 306, height: 64);
        picture.TimeAxis(top: 62, bottom: 370);
        for (var i = 0; i < strips.Count; i++) picture.Strip(strips[i].Window, strips[i].What, 432 + (i * (StripHeight + 34)));
        picture.Add($"</svg>");
        return picture._svg.ToString();
    }

    /// <summary>Where each alert was decided; of a record without, the window that came nearest.</summary>
    private List<(Interpretation Window, string What)> Moments()
    {
        var moments = _run.Alerts
            .Where(alert => alert.Code == _views.Rules[0].Code && alert.Sequence == 1 && alert.Evidence is not null)
            .Select(alert => (alert.Evidence!, $"alert raised at {Clock(_run.Seconds(alert.Time))}"))
            .ToList();
        if (moments.Count == 0 && _run.Peak is { } peak) moments.Add((peak, "no alert; the window that came nearest"));
        return moments.Count <= MostStrips ? moments : [.. Enumerable.Range(0, MostStrips).Select(i => moments[i * (moments.Count - 1) / (MostStrips - 1)])];
    }

    private void Title()
    {
        var model = _run.Windows[0].Model;
        Add($"""<text x="{Left}" y="26" font-size="18" font-weight="bold">{Escaped(_run.Record.Name)} · {Escaped(_views.Label.Name)}</text>""");
        Add($"""<text x="{Left}" y="44" fill="{Faint}">{Escaped(model.Name)} {Escaped(model.Version)} {Escaped(model.Precision)} · leads {Escaped(string.Join(' ', _run.Record.Channels.Names))} · research only</text>""");
        var x = Width - Right;
        (string Name, string Colour)[] legend = [("threshold", Faint), ("beats", Beats), ("network", Network), ("both, as the rule sees it", Both)];
        foreach (var (name, colour) in _views.Rules.Length == 1 ? legend[..1].Append(("network", Both)) : legend)
        {
            Add($"""<text x="{N(x)}" y="44" text-anchor="end" fill="{colour}">{name}</text>""");
            x -= (name.Length * 7.2) + 18;
        }
    }

    private void Rhythms(WfdbAnnotations reference, double top)
    {
        Caption("reference", top + 15);
        foreach (var span in reference.Rhythms(_run.Record.Length))
        {
            var (from, to) = (X(span.Start / _run.Record.SampleRate), X(span.End / _run.Record.SampleRate));
            var colour = EpisodeViews.Rhythms[_views.Label.Name].Contains(span.Rhythm) ? "#e7a7a2" : span.Rhythm == "N" ? "#e9eef3" : "#cfd8e2";
            Add($"""<rect x="{N(from)}" y="{N(top)}" width="{N(Math.Max(to - from, 0.7))}" height="22" fill="{colour}"/>""");
            if (to - from > 9 * span.Rhythm.Length) Add($"""<text x="{N((from + to) / 2)}" y="{N(top + 15)}" text-anchor="middle" font-size="11">{Escaped(span.Rhythm)}</text>""");
        }
    }

    private void AlertBand(double top)
    {
        Caption("alerts", top + 15);
        Add($"""<rect x="{Left}" y="{N(top)}" width="{Plot}" height="22" fill="#f5f7f9"/>""");
        foreach (var episode in _run.Episodes(_views.Rules[0].Code))
            Add($"""<rect x="{N(X(episode.Start))}" y="{N(top)}" width="{N(Math.Max(X(episode.End) - X(episode.Start), 1))}" height="22" fill="{Both}"/>""");
        foreach (var at in _run.Raised(_views.Rules[0].Code))
            Add($"""<path d="M{N(X(at))} {N(top + 22)}l-5 9h10z" fill="{Ink}"/>""");
    }

    private void Probabilities(double top, double height)
    {
        double Y(double probability) => top + height - (probability * height);
        foreach (var tick in new[] { 0, 0.5, 1 })
        {
            Add($"""<path d="M{Left} {N(Y(tick))}h{Plot}" stroke="{Rule}"/>""");
            Add($"""<text x="{Left - 8}" y="{N(Y(tick) + 4)}" text-anchor="end" fill="{Faint}">{N(tick)}</text>""");
        }

        Caption("probability", top + (height / 2) + 26);
        foreach (var window in _run.Windows.Where(window => !window.Input.Quality.Usable))
            Add($"""<rect x="{N(X(RecordRun.Start(window)))}" y="{N(top)}" width="{N(Plot * 10 / _seconds)}" height="{N(height)}" fill="#c9cfd6" fill-opacity="0.6"/>""");
        Add($"""<path d="M{Left} {N(Y(_views.Rules[0].StartThreshold ?? _views.Label.Threshold))}h{Plot}" stroke="{Faint}" stroke-dasharray="5 4"/>""");
        if (_views.Rules.Length > 1)
        {
            Steps(window => window.Probability(_views.Label.Name), Network, 1);
            Steps(window => window.Input.Rhythm?.AtrialFibrillation, Beats, 1);
        }

        Steps(window => RuleProbability.Of(_views.Rules[0], window)?.Probability, Both, 2);

        void Steps(Func<Interpretation, float?> probability, string colour, double width)
        {
            var path = new StringBuilder();
            var pen = false;
            foreach (var window in _run.Windows)
            {
                if (!window.Input.Quality.Usable || probability(window) is not { } p)
                {
                    pen = false;
                    continue;
                }

                var from = RecordRun.Start(window);
                path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{N(X(from))} {N(Y(p))}L{N(X(Math.Min(from + 10, _seconds)))} {N(Y(p))}");
                pen = true;
            }

            Add($"""<path d="{path}" fill="none" stroke="{colour}" stroke-width="{N(width)}" stroke-linejoin="round"/>""");
        }
    }

    private void HeartRates(double top, double height)
    {
        const double least = 30, greatest = 200;
        double Y(double rate) => top + height - ((Math.Clamp(rate, least, greatest) - least) / (greatest - least) * height);
        Caption("beats/min", top + 4);
        foreach (var tick in new[] { 60, 100, 150 })
        {
            Add($"""<path d="M{Left} {N(Y(tick))}h{Plot}" stroke="{Rule}"/>""");
            Add($"""<text x="{Left - 8}" y="{N(Y(tick) + 4)}" text-anchor="end" font-size="10" fill="{Faint}">{tick}</text>""");
        }

        foreach (var window in _run.Windows)
            if (window.Input.HeartRate is { } rate)
                Add($"""<circle cx="{N(X(RecordRun.Start(window) + 5))}" cy="{N(Y(rate))}" r="1.6" fill="{Ink}"/>""");
    }

    private void TimeAxis(double top, double bottom)
    {
        double[] steps = [10, 30, 60, 300, 600, 1800, 3600, 7200, 14400];
        var step = steps.FirstOrDefault(step => _seconds / step <= 16, steps[^1]);
        for (var at = 0.0; at <= _seconds; at += step)
        {
            Add($"""<path d="M{N(X(at))} {N(bottom)}v6" stroke="{Faint}"/>""");
            Add($"""<text x="{N(X(at))}" y="{N(bottom + 19)}" text-anchor="middle" fill="{Faint}">{Clock(at)}</text>""");
        }

        if (_seconds > EpisodeComparison.LearningSeconds)
            Add($"""<path d="M{N(X(EpisodeComparison.LearningSeconds))} {N(top)}V{N(bottom)}" stroke="{Faint}" stroke-dasharray="2 3"/>""");
    }

    /// <summary>Ten seconds of the best lead on paper of 0.2 s and 0.5 mV.</summary>
    private void Strip(Interpretation window, string what, double top)
    {
        var good = window.Input.Quality.Good;
        var lead = good.Contains(Lead.II) ? Lead.II : good.FirstOrDefault();
        var samples = window.Input.Window.Of(lead).ToArray();
        var sorted = samples.Where(float.IsFinite).Order().ToArray();
        if (sorted.Length == 0) return;
        // The middle of the paper is the base line; what leaves the paper at 20 mm a millivolt is drawn at 10.
        var baseline = sorted[sorted.Length / 2];
        var perMillivolt = sorted[^1] - baseline > 1.6 || baseline - sorted[0] > 1.6 ? 28.0 : 56.0;
        var (middle, perSecond) = (top + 22 + (StripHeight * 0.58), Plot / 10);

        var both = RuleProbability.Of(_views.Rules[0], window)?.Probability;
        var details = string.Create(CultureInfo.InvariantCulture, $"{what} · {Clock(RecordRun.Start(window))}–{Clock(RecordRun.Start(window) + 10)} · lead {StandardLeads.Name(lead)} · network {window.Probability(_views.Label.Name):0.00}")
            + (_views.Rules.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" · beats {(window.Input.Rhythm is { } rhythm ? rhythm.AtrialFibrillation.ToString("0.00", CultureInfo.InvariantCulture) : "–")} · both {both:0.00}"));
        Add($"""<text x="{Left}" y="{N(top + 12)}">{Escaped(details)}</text>""");
        Add($"""<clipPath id="c{N(top)}"><rect x="{Left}" y="{N(top + 20)}" width="{Plot}" height="{StripHeight}"/></clipPath>""");
        Add($"""<rect x="{Left}" y="{N(top + 20)}" width="{Plot}" height="{StripHeight}" fill="#fff8f6" stroke="{Rule}"/>""");
        var grid = new StringBuilder();
        for (var i = 1; i < 50; i++) grid.Append(CultureInfo.InvariantCulture, $"M{N(Left + (i * perSecond / 5))} {N(top + 20)}v{StripHeight}");
        for (var y = -4; y <= 4; y++) if (middle + (y * perMillivolt / 2) is var at && at > top + 20 && at < top + 20 + StripHeight) grid.Append(CultureInfo.InvariantCulture, $"M{Left} {N(at)}h{Plot}");
        Add($"""<path d="{grid}" stroke="#f3d3cd" stroke-width="0.8"/>""");
        var path = new StringBuilder();
        var pen = false;
        for (var i = 0; i < samples.Length; i += 2)
        {
            if (!float.IsFinite(samples[i]))
            {
                pen = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{N(Left + (i * perSecond / EcgWindow.SampleRate))} {N(middle - ((samples[i] - baseline) * perMillivolt))}");
            pen = true;
        }

        Add($"""<path d="{path}" fill="none" stroke="{Ink}" stroke-width="1.1" stroke-linejoin="round" clip-path="url(#c{N(top)})"/>""");
        foreach (var beat in window.Input.Beats)
            Add($"""<path d="M{N(Left + (beat * perSecond / EcgWindow.SampleRate))} {N(top + 20 + StripHeight)}v-6" stroke="{Beats}" stroke-width="2"/>""");
    }

    private void Caption(string text, double y) => Add($"""<text x="{Left - 8}" y="{N(y)}" text-anchor="end" fill="{Faint}" font-size="11">{text}</text>""");

    private double X(double seconds) => Left + (Plot * Math.Clamp(seconds / _seconds, 0, 1));

    private void Add(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escaped(string text) => SecurityElement.Escape(text);

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Clock(double seconds) => TimeSpan.FromSeconds(Math.Round(seconds)) is var time && time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
