using System.Text.Json.Nodes;
using EcgFm.Core;
using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Tests;

/// <summary>A window that is shown as a whole and in parts, against the same network to which each part is shown by hand.</summary>
public sealed class LeadViewsTests : IDisposable
{
    private static readonly LeadSet Limb = LeadSet.Of(Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF), Chest = Limb.Complement;

    private readonly TemporaryFolder _folder = new();
    private readonly EcgModel _whole, _parts;

    public LeadViewsTests()
    {
        var checkpoint = CheckpointBuilder.Write(_folder["tiny.pt"], CheckpointBuilder.Top(CheckpointBuilder.TinySizes()));
        EcgModel Make(LeadViews views)
        {
            var labels = new LabelFile([.. new[] { "A", "B", "C" }.Select(EcgFmLabels.Named)], EcgFm.Signal.InputFilter.None, views);
            _ = ModelConverter.Convert(checkpoint, _folder[views.ToString()], new() { Labels = labels });
            return EcgModel.Load(_folder[views.ToString()], new() { Threads = 1 });
        }

        (_whole, _parts) = (Make(LeadViews.Whole), Make(LeadViews.WholeAndParts));
    }

    public void Dispose()
    {
        _whole.Dispose();
        _parts.Dispose();
        _folder.Dispose();
    }

    /// <summary>Both segments are the same, so that a probability is that of one logit.</summary>
    private static AssessedWindow Window(LeadSet leads, LeadSet? good = null, int shift = 0)
    {
        var window = TestWindows.Window(0).Window;
        for (var lead = Lead.I; lead <= Lead.V6; lead++)
            for (var i = 0; i < EcgWindow.Length; i++)
                window.Samples[((int)lead * EcgWindow.Length) + i] = leads.Contains(lead) ? MathF.Sin((i + shift) % 2500 * ((int)lead + 3) / 90f) : 0;
        var issues = Enumerable.Range(0, StandardLeads.Count).Select(lead => (good ?? leads).Contains((Lead)lead) ? QualityIssue.None : QualityIssue.Noise);
        return new(window with { Absent = leads.Complement }, new([.. issues], Usable: true), 75);
    }

    private static double Logit(float probability) => Math.Log(probability / (1.0 - probability));

    private void AssertMean(AssessedWindow window, params LeadSet[] views)
    {
        var shown = _parts.Interpret(window).Probabilities;
        var byHand = views.Select(view => _whole.Interpret(Window(view)).Probabilities).ToList();
        for (var label = 0; label < shown.Length; label++)
            Assert.Equal(byHand.Average(view => Logit(view[label])), Logit(shown[label]), 1e-4);
    }

    [Fact]
    public void Limb_and_chest_leads_are_shown_apart_too() => AssertMean(Window(LeadSet.All), LeadSet.All, Limb, Chest);

    [Fact]
    public void So_are_the_two_leads_of_a_recorder()
    {
        var two = LeadSet.Of(Lead.II, Lead.V1);
        AssertMean(Window(two), two, LeadSet.Of(Lead.II), LeadSet.Of(Lead.V1));
    }

    [Fact]
    public void Without_chest_leads_I_and_II_are() => AssertMean(Window(Limb), Limb, LeadSet.Of(Lead.I), LeadSet.Of(Lead.II));

    /// <summary>One view has three segments: its two, and the one across their seam.</summary>
    private void AssertOnce(AssessedWindow window, LeadSet view)
    {
        var shown = _parts.Interpret(window).Probabilities;
        var (side, seam) = (_whole.Interpret(Window(view)).Probabilities, _whole.Interpret(Window(view, shift: 1250)).Probabilities);
        for (var label = 0; label < shown.Length; label++)
        {
            Assert.NotEqual(side[label], seam[label]);
            Assert.Equal((side[label] + side[label] + seam[label]) / 3, shown[label], 1e-5);
        }
    }

    [Fact]
    public void A_single_lead_has_no_parts_and_is_looked_at_across_the_seam_too() => AssertOnce(Window(LeadSet.Of(Lead.I)), LeadSet.Of(Lead.I));

    [Fact]
    public void Noise_is_not_shown_where_there_is_something_else()
    {
        AssertMean(Window(LeadSet.All, good: Limb), Limb, LeadSet.Of(Lead.I), LeadSet.Of(Lead.II));
        AssertMean(Window(LeadSet.All, good: LeadSet.Of(Lead.II, Lead.V1)), LeadSet.Of(Lead.II, Lead.V1), LeadSet.Of(Lead.II), LeadSet.Of(Lead.V1));
        AssertOnce(Window(LeadSet.All, good: LeadSet.None), LeadSet.All);
    }

    /// <summary>What an electrode that hangs free picks up is no ECG, whatever it looks like.</summary>
    [Fact]
    public void A_lead_that_is_off_is_as_one_that_is_not_there()
    {
        AssertMean(Off(Chest), Limb, LeadSet.Of(Lead.I), LeadSet.Of(Lead.II));
        AssertOnce(Off(LeadSet.Of(Lead.I).Complement), LeadSet.Of(Lead.I));
        Assert.Equal<float>(_whole.Interpret(Window(Limb)).Probabilities.AsEnumerable(), _whole.Interpret(Off(Chest)).Probabilities);

        static AssessedWindow Off(LeadSet leads)
        {
            var window = Window(LeadSet.All, good: leads.Complement);
            return window with { Window = window.Window with { LeadOff = leads } };
        }
    }

    /// <summary>A version that does not know of views would show the whole alone and say nothing.</summary>
    [Fact]
    public void Only_a_package_with_views_needs_a_version_that_knows_them()
    {
        int Format(LeadViews views) => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder[views.ToString()], ModelPackage.ManifestName)))!["format"]!.GetValue<int>();
        Assert.Equal((1, 2), (Format(LeadViews.Whole), Format(LeadViews.WholeAndParts)));
        Assert.Equal((LeadViews.Whole, LeadViews.WholeAndParts), (_whole.Package.Views, _parts.Package.Views));
    }
}
