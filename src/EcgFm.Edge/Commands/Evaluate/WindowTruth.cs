using System.Collections.Immutable;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Alerts;
using EcgFm.Core;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>What the annotations of a record say of each of its windows.</summary>
/// <remarks>
/// A rhythm is there when it lasts for nine tenths of the window, and not there below three hundredths; between, nothing is said. Where there is flutter nothing is
/// said of fibrillation, as <c>epicmp</c> excludes it. A window whose rhythm nobody annotated is taken for no fibrillation, and of other rhythms nothing is said. Premature
/// ventricular beats are there when one is annotated; of a window with fusion beats and none of those nothing is said.
/// </remarks>
internal sealed class WindowTruth
{
    private const double There = 0.9, NotThere = 0.03;
    private const string PrematureBeats = "Premature ventricular contraction";

    private readonly string _record;
    private readonly double _rate;
    private readonly IReadOnlyList<string> _labels;
    private readonly IReadOnlyList<RhythmSpan> _rhythms;
    private readonly IReadOnlyList<long> _prematureBeats, _fusionBeats;

    /// <summary>Reads the annotations.</summary>
    /// <param name="record">A record with an <c>.atr</c> file.</param>
    /// <param name="labels">The network's labels.</param>
    public WindowTruth(WfdbRecord record, IEnumerable<Label> labels)
    {
        var annotations = record.ReadAnnotations();
        (_record, _rate, _labels) = (record.Name, record.SampleRate, [.. labels.Select(label => label.Name)]);
        _rhythms = [.. annotations.Rhythms(record.Length)];
        _prematureBeats = Of(AnnotationCode.VentricularPremature);
        _fusionBeats = Of(AnnotationCode.Fusion);

        List<long> Of(byte code) => [.. annotations.Beats.Where(beat => beat.Code == code).Select(beat => beat.Sample)];
    }

    /// <summary>What is true of a window.</summary>
    public ReferenceRow Of(Interpretation window)
    {
        var start = RecordRun.Start(window) * _rate;
        var end = start + (EcgWindow.Duration.TotalSeconds * _rate);
        var truth = ImmutableDictionary.CreateBuilder<string, bool>();
        foreach (var label in _labels)
        {
            if (label == PrematureBeats && (_prematureBeats.Any(Inside) || !_fusionBeats.Any(Inside))) truth[label] = _prematureBeats.Any(Inside);
            if (!EpisodeViews.Rhythms.TryGetValue(label, out var rhythms)) continue;
            if (label == RuleProbability.AtrialFibrillation && Share(["AFL"], start, end) > NotThere) continue;
            if (label != RuleProbability.AtrialFibrillation && Share(null, start, end) < There) continue;
            if (Share(rhythms, start, end) is var share && (share >= There || share <= NotThere)) truth[label] = share >= There;
        }

        return new ReferenceRow(_record, truth.ToImmutable());

        bool Inside(long beat) => beat >= start && beat < end;
    }

    /// <summary>The part of the window that has one of these rhythms, or any.</summary>
    private double Share(ImmutableArray<string>? rhythms, double start, double end) =>
        _rhythms.Where(span => rhythms is not { } some || some.Contains(span.Rhythm)).Sum(span => Math.Max(0, Math.Min(end, span.End) - Math.Max(start, span.Start))) / (end - start);
}
