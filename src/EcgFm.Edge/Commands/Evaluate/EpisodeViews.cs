using System.Collections.Immutable;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Evaluation;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>The rules that an evaluation of episodes follows side by side: as shipped, by the network alone, and by the beats alone.</summary>
/// <param name="Label">The label.</param>
/// <param name="Rules">A rule for each view, the shipped one first; its code names the view.</param>
internal sealed record EpisodeViews(Label Label, ImmutableArray<LabelRule> Rules)
{
    /// <summary>What WFDB's annotations call the rhythm of a label. Bradycardia is none: only where a sinus rhythm is slow do they say so, and not always there.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Rhythms { get; } = new Dictionary<string, ImmutableArray<string>>
    {
        [RuleProbability.AtrialFibrillation] = ["AFIB"],
        ["Atrial flutter"] = ["AFL"],
        ["Sinus rhythm"] = ["N", "SBR"],
        ["Supraventricular tachycardia with aberrancy"] = ["SVTA"],
        ["Ventricular tachycardia"] = ["VT"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The views of a label.</summary>
    /// <exception cref="ConfigurationException">The network does not have the label.</exception>
    public static EpisodeViews Of(string name, ImmutableArray<Label> labels)
    {
        var label = labels.FirstOrDefault(label => label.Name == name)
            ?? throw new ConfigurationException([$"--label is \"{name}\"; the network knows {string.Join(", ", labels.Select(known => known.Name))}"]);
        var shipped = AlertRules.Default.OfType<LabelRule>().FirstOrDefault(rule => rule.Label == name);
        var rule = (shipped ?? new LabelRule { Code = name, Label = name, Title = name, Priority = AlertPriority.Medium }) with { SilencedBy = [] };
        if (rule.SecondOpinion != SecondOpinion.Beats) return new(label, [rule with { Code = "network" }]);
        return new(label,
        [
            rule with { Code = "both" },
            rule with { Code = "network", SecondOpinion = SecondOpinion.None },
            rule with { Code = "beats", SecondOpinion = SecondOpinion.None, Label = WithBeats.Label.Name, StartThreshold = null, EndThreshold = null },
        ]);
    }

    /// <summary>The reference's episodes of the label; neighbours of the same label are one.</summary>
    public IReadOnlyList<Episode> Reference(Acquisition.Wfdb.WfdbAnnotations annotations, Acquisition.Wfdb.WfdbRecord record) => Spans(annotations, record, Rhythms[Label.Name]);

    /// <summary>Where an alert is neither right nor wrong: atrial flutter, for atrial fibrillation, as <c>epicmp</c> has it.</summary>
    public IReadOnlyList<Episode> Excluded(Acquisition.Wfdb.WfdbAnnotations annotations, Acquisition.Wfdb.WfdbRecord record) =>
        Label.Name == RuleProbability.AtrialFibrillation ? Spans(annotations, record, ["AFL"]) : [];

    private static List<Episode> Spans(Acquisition.Wfdb.WfdbAnnotations annotations, Acquisition.Wfdb.WfdbRecord record, ImmutableArray<string> rhythms)
    {
        var episodes = new List<Episode>();
        foreach (var span in annotations.Rhythms(record.Length))
        {
            if (!rhythms.Contains(span.Rhythm)) continue;
            var episode = new Episode(span.Start / record.SampleRate, span.End / record.SampleRate);
            if (episodes.Count > 0 && episodes[^1].End >= episode.Start) episodes[^1] = episodes[^1] with { End = episode.End };
            else episodes.Add(episode);
        }

        return episodes;
    }
}
