using System.Collections.Immutable;
using EcgFm.Core;
using EcgFm.Signal;

namespace EcgFm.Model.Packages;

/// <summary>
/// The labels of a head and the filter that its network wants, from a JSON file such as the trainer writes:
/// <c>{"labels":[{"name":"Atrial fibrillation","threshold":0.5,"aggregation":"mean"}],"inputFilter":{"type":"butterworth-bandpass","order":4,"lowHz":0.5,"highHz":40,"zeroPhase":true}}</c>.
/// Only the name is needed; a name that ECG-FM knows brings its aggregation and codes along. <c>"views": "whole and parts"</c> asks for <see cref="LeadViews.WholeAndParts"/>.
/// </summary>
/// <param name="Labels">The labels in the order of the logits.</param>
/// <param name="Filter">What the network wants done before standardising.</param>
/// <param name="Views">How a window is shown to the network.</param>
public sealed record LabelFile(ImmutableArray<Label> Labels, InputFilter Filter, LeadViews Views = LeadViews.Whole)
{
    /// <summary>ECG-FM's own: seventeen labels, no filter.</summary>
    public static LabelFile EcgFm { get; } = new(EcgFmLabels.All, InputFilter.None);

    /// <summary>Reads such a file.</summary>
    /// <exception cref="ModelFileException">Something is missing or wrong; the message names the key.</exception>
    public static LabelFile Load(string path)
    {
        var json = JsonReader.Open(path);
        return new(ReadLabels(json["labels"]), json.TryGet("inputFilter") is { } filter ? ReadFilter(filter) : InputFilter.None, ReadViews(json));
    }

    internal static ImmutableArray<Label> ReadLabels(JsonReader json)
    {
        var labels = ImmutableArray.CreateBuilder<Label>();
        foreach (var item in json.Items)
        {
            var known = EcgFmLabels.Named(item["name"].Text());
            if (labels.Any(l => string.Equals(l.Name, known.Name, StringComparison.Ordinal))) throw item["name"].Wrong("each name once");
            labels.Add(known with
            {
                Aggregation = item.TryGet("aggregation")?.OneOf(("mean", LabelAggregation.Mean), ("max", LabelAggregation.Max)) ?? known.Aggregation,
                Threshold = item.TryGet("threshold")?.Number(0, 1) ?? known.Threshold,
                Snomed = item.TryGet("snomed")?.Text() ?? known.Snomed,
                Mdc = item.TryGet("mdc")?.Text() ?? known.Mdc,
            });
        }

        if (labels.Count == 0) throw json.Wrong("at least one label");
        return labels.ToImmutable();
    }

    /// <summary>How a window is shown, under the key "views"; once where nothing is said.</summary>
    internal static LeadViews ReadViews(JsonReader json) =>
        json.TryGet("views")?.OneOf(("whole", LeadViews.Whole), (WholeAndParts, LeadViews.WholeAndParts)) ?? LeadViews.Whole;

    /// <summary>What <see cref="LeadViews.WholeAndParts"/> is called in files.</summary>
    internal const string WholeAndParts = "whole and parts";

    /// <summary>The one filter there is; its figures stand in the file so that other programs can use it.</summary>
    internal static InputFilter ReadFilter(JsonReader json)
    {
        _ = json["type"].OneOf(("butterworth-bandpass", 0));
        _ = json["order"].Integer(4, 4);
        _ = json["lowHz"].Number(0.5, 0.5);
        _ = json["highHz"].Number(40, 40);
        if (!json["zeroPhase"].Flag()) throw json["zeroPhase"].Wrong("true");
        return InputFilter.BandPass;
    }
}
