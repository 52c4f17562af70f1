using System.Collections.Immutable;
using System.Reactive.Linq;
using EcgFm.Core;
using FsCheck;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests;

public class ToStandardLeadsTests
{
    private static readonly ImmutableArray<Lead> LimbLeads = [Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF];

    private static EcgBlock Convert(EcgBlock block, LeadMap? map = null) =>
        Assert.Single(Observable.Return(block).ToStandardLeads(map).Collect());

    private static EcgBlock Source(string[] names, params float[] samples) => Blocks.Of(new ChannelLayout([.. names]), 250, samples);

    private static float Value(EcgBlock block, Lead lead) => Assert.Single(block.Channel((int)lead).ToArray());

    [Fact]
    public void ABlockOfStandardLeadsPassesAsItIs()
    {
        var block = Blocks.Numbered(StandardLeads.Layout, 500, 7);
        Assert.Same(block, Convert(block));
    }

    [Fact]
    public void TheSameOrderUnderAnotherSpellingIsNotCopied()
    {
        var block = Blocks.Numbered(new ChannelLayout(["i", "ii", "iii", "AVR", "AVL", "AVF", "v1", "v2", "v3", "v4", "v5", "v6"]), 500, 7);
        var result = Convert(block);
        Assert.Same(StandardLeads.Layout, result.Channels);
        Assert.Same(block.Samples, result.Samples);
    }

    [Fact]
    public void FromIAndIIComeTheOtherLimbLeadsByTheTextbook()
    {
        var result = Convert(Source(["II", "I"], 1.0f, 0.4f));
        Assert.Equal([0.4f, 1.0f, 0.6f, -0.7f, -0.1f, 0.8f, 0, 0, 0, 0, 0, 0], result.Samples.Select(value => MathF.Round(value, 5)));
        Assert.Equal(0xFC0u, result.Absent);
    }

    /// <summary>Whichever two limb leads a source has, the six come out as from I and II.</summary>
    [Property]
    public void AnyTwoLimbLeadsGiveTheOthers(NormalFloat one, NormalFloat two, byte first, byte second)
    {
        var (i, ii) = ((float)(one.Get % 5), (float)(two.Get % 5));
        var all = Convert(Source(["I", "II"], i, ii));
        var (a, b) = (LimbLeads[first % 6], LimbLeads[second % 6]);
        if (a == b) return;
        var result = Convert(Source([StandardLeads.Name(a), StandardLeads.Name(b)], Value(all, a), Value(all, b)));
        foreach (var lead in LimbLeads) Assert.Equal(Value(all, lead), Value(result, lead), 1e-4f);
        Assert.Equal(all.Absent, result.Absent);
    }

    /// <summary>Einthoven: I + III = II and the three augmented leads sum to zero.</summary>
    [Property]
    public void DerivedLeadsObeyEinthoven(NormalFloat one, NormalFloat two)
    {
        var result = Convert(Source(["I", "II"], (float)(one.Get % 5), (float)(two.Get % 5)));
        Assert.Equal(Value(result, Lead.II), Value(result, Lead.I) + Value(result, Lead.III), 1e-5f);
        Assert.Equal(0, Value(result, Lead.AVR) + Value(result, Lead.AVL) + Value(result, Lead.AVF), 1e-5f);
    }

    [Fact]
    public void ALeadThatTheSourceHasIsNotDerived()
    {
        var result = Convert(Source(["I", "II", "III", "V5"], 1, 2, 7, 9));
        Assert.Equal(7, Value(result, Lead.III));
        Assert.Equal(9, Value(result, Lead.V5));
        Assert.Equal(-1.5f, Value(result, Lead.AVR));
        Assert.Equal(LeadSet.Of(Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V6), new LeadSet((ushort)result.Absent));
    }

    [Fact]
    public void ASampleMissingInASourceIsMissingInWhatComesOfIt()
    {
        var result = Convert(Source(["I", "II", "V1"], float.NaN, 1, 2));
        foreach (var lead in new[] { Lead.I, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF }) Assert.True(float.IsNaN(Value(result, lead)));
        Assert.Equal(1, Value(result, Lead.II));
        Assert.Equal(2, Value(result, Lead.V1));
        Assert.Equal(0, Value(result, Lead.V2));
    }

    [Fact]
    public void AnElectrodeThatIsOffCountsForWhatComesOfIt()
    {
        var result = Convert(Source(["V1", "I", "II"], 1, 2, 3) with { LeadOff = 0b010 });
        Assert.Equal(LeadSet.Of(Lead.I, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF), new LeadSet((ushort)result.LeadOff));
    }

    [Theory]
    [InlineData(Lead.II, "V5", "MLII")]
    [InlineData(Lead.I, "ECG")]
    [InlineData(Lead.I, "Kanal 1")]
    [InlineData(Lead.I, "RESP", "ECG 1")]
    [InlineData(Lead.V1, "ECG1", "ECG2")]
    public void TheLeadIsKnownByTheName(Lead lead, params string[] names)
    {
        var samples = new float[names.Length];
        samples[^1] = 3;
        var result = Convert(Source(names, samples));
        Assert.Equal(3, Value(result, lead));
        Assert.Equal(0u, result.Absent >> (int)lead & 1);
    }

    [Fact]
    public void OfTwoChannelsOfOneLeadTheFirstCounts() => Assert.Equal(1, Value(Convert(Source(["II", "MLII"], 1, 2)), Lead.II));

    [Fact]
    public void AMapNamesInvertsAndLeavesOut()
    {
        var map = new LeadMap(new MappedChannel(" ch2", Lead.I, Inverted: true), new MappedChannel("CH1", Lead.II), new MappedChannel("CH9", Lead.V1));
        var result = Convert(Source(["CH1", "CH2", "V6"], 1, 0.5f, 8), map);
        Assert.Equal(-0.5f, Value(result, Lead.I));
        Assert.Equal(1, Value(result, Lead.II));
        Assert.Equal(1.5f, Value(result, Lead.III));
        Assert.Equal(0xFC0u, result.Absent);
    }

    [Fact]
    public void AMapHoldsForStandardLeadsToo()
    {
        var block = Blocks.Numbered(StandardLeads.Layout, 500, 1);
        Assert.Equal(-Value(block, Lead.V3), Value(Convert(block, new LeadMap(new MappedChannel("V3", Lead.V3, true))), Lead.V3));
    }

    [Fact]
    public void WithoutAnyLeadTheErrorSaysWhatIsThereAndWhatIsKnown()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Convert(Source(["SpO2", "Resp"], 1, 2)));
        foreach (var word in new[] { "\"SpO2\"", "\"Resp\"", "aVR", "V6", ".hea" }) Assert.Contains(word, error.Message, StringComparison.Ordinal);

        error = Assert.Throws<InvalidOperationException>(() => Convert(Source(["I"], 1), new LeadMap(new MappedChannel("A", Lead.I))));
        foreach (var word in new[] { "\"A\"", "\"I\"" }) Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMapNamesNothingTwice()
    {
        Assert.Throws<ArgumentException>(() => new LeadMap());
        Assert.Throws<ArgumentException>(() => new LeadMap(new MappedChannel("A", Lead.I), new MappedChannel("a ", Lead.II)));
        Assert.Throws<ArgumentException>(() => new LeadMap(new MappedChannel("A", Lead.I), new MappedChannel("B", Lead.I)));
    }

    [Fact]
    public void ANewLayoutOnTheWayIsMappedAnew()
    {
        var blocks = new[] { Source(["I"], 1), Source(["V2", "I"], 2, 3), Source(["V2"], 4) };
        var results = blocks.ToObservable().ToStandardLeads().Collect();
        Assert.Equal([1, 3, 0], results.Select(block => Value(block, Lead.I)));
        Assert.Equal([0, 2, 4], results.Select(block => Value(block, Lead.V2)));
    }
}
