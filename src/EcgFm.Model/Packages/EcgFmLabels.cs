using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Model.Packages;

/// <summary>
/// The labels of the official ECG-FM head, in the row order of the authors' <c>label_def.csv</c>, with their aggregation. SNOMED CT concepts are those of
/// the PhysioNet/CinC Challenge 2021's mapping of ECG findings (<c>dx_mapping_scored.csv</c>, <c>dx_mapping_unscored.csv</c>), compared with copies of it in public
/// repositories; tachycardia of any kind is not in that mapping and has SNOMED CT's own 3424008 |Tachycardia|. A label that is no single concept has none.
/// No label has an ISO/IEEE 11073-10101 identifier: no public source was found that gives them.
/// </summary>
public static class EcgFmLabels
{
    /// <summary>All seventeen.</summary>
    public static ImmutableArray<Label> All { get; } =
    [
        new("Poor data quality", LabelAggregation.Max),
        new("Sinus rhythm", Snomed: "426783006"),
        new("Premature ventricular contraction", LabelAggregation.Max, Snomed: "427172004"),
        new("Tachycardia", Snomed: "3424008"),
        new("Ventricular tachycardia", LabelAggregation.Max, Snomed: "164895002"),
        new("Supraventricular tachycardia with aberrancy", LabelAggregation.Max),
        new("Atrial fibrillation", Snomed: "164889003"),
        new("Atrial flutter", Snomed: "164890007"),
        new("Bradycardia", Snomed: "426627000"),
        new("Accessory pathway conduction"),
        new("Atrioventricular block", Snomed: "233917008"),
        new("1st degree atrioventricular block", Snomed: "270492004"),
        new("Bifascicular block"),
        new("Right bundle branch block", Snomed: "59118001"),
        new("Left bundle branch block", Snomed: "164909002"),
        new("Infarction", Snomed: "164865005"),
        new("Electronic pacemaker", LabelAggregation.Max, Snomed: "10370003"),
    ];

    /// <summary>The label of that name with aggregation and codes where ECG-FM has it, else one with the defaults.</summary>
    public static Label Named(string name) => All.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.Ordinal)) ?? new Label(name);
}
