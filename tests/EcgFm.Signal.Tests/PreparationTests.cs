using EcgFm.Core;
using FsCheck;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests;

public class PreparationTests
{
    /// <summary>A window of the given leads; the others are absent.</summary>
    internal static EcgWindow Window(params (Lead Lead, Func<int, float> Sample)[] leads)
    {
        var samples = new float[StandardLeads.Count * EcgWindow.Length];
        var there = LeadSet.None;
        foreach (var (lead, sample) in leads)
        {
            there = there.With(lead);
            for (var i = 0; i < EcgWindow.Length; i++) samples[((int)lead * EcgWindow.Length) + i] = sample(i);
        }

        return new EcgWindow
        {
            Index = 0,
            FirstSample = 0,
            Start = Blocks.Epoch,
            Samples = samples,
            Missing = [.. Enumerable.Range(0, StandardLeads.Count).Select(lead => samples.Skip(lead * EcgWindow.Length).Take(EcgWindow.Length).Count(float.IsNaN))],
            Absent = there.Complement,
        };
    }

    private static ReadOnlySpan<float> Of(float[] prepared, Lead lead) => prepared.AsSpan((int)lead * EcgWindow.Length, EcgWindow.Length);

    private static float Wave(int i) => (float)((0.8 * Math.Sin(i * 0.016)) + (0.3 * Math.Sin(i * 0.21)));

    [Property]
    public void StandardizingGivesMeanZeroAndDeviationOneOfWhatIsThere(int seed, PositiveInt length, float offset)
    {
        if (!float.IsFinite(offset)) return;
        var random = new Random(seed);
        var lead = new float[length.Get + 2];
        for (var i = 0; i < lead.Length; i++) lead[i] = random.Next(10) == 0 ? float.NaN : (offset % 10) + random.NextSingle();
        (lead[0], lead[1]) = (1, 2);
        var result = new float[lead.Length];
        Standardizer.Standardize(lead, result);

        var there = lead.Where(sample => !float.IsNaN(sample)).Select(sample => (double)sample).ToArray();
        var mean = there.Average();
        var deviation = Math.Sqrt(there.Average(sample => (sample - mean) * (sample - mean)));
        for (var i = 0; i < lead.Length; i++) Assert.Equal(float.IsNaN(lead[i]) ? 0 : (lead[i] - mean) / deviation, result[i], 1e-5);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(float.NaN)]
    [InlineData(-3.3f)]
    public void AConstantOrMissingLeadBecomesZero(float value)
    {
        var lead = new float[4999];
        Array.Fill(lead, value);
        Standardizer.Standardize(lead, lead);
        Assert.All(lead, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void MissingSamplesAreFilledInAStraightLineAndHeldAtTheEnds()
    {
        float[] lead = [float.NaN, float.NaN, 2, 3, float.NaN, float.NaN, float.NaN, 7, float.NaN];
        Assert.Equal(6, MissingSamples.Count(lead));
        MissingSamples.Fill(lead);
        Assert.Equal([2, 2, 2, 3, 4, 5, 6, 7, 7], lead);

        float[] none = [float.NaN, float.NaN];
        MissingSamples.Fill(none);
        Assert.Equal([0, 0], none);
    }

    [Property]
    public void CountingMissingSamplesIsExact(float[] lead)
    {
        Assert.Equal(lead.Count(float.IsNaN), MissingSamples.Count(lead));
        float[] more = [.. lead, .. Enumerable.Repeat(float.NaN, 37), .. lead];
        Assert.Equal(more.Count(float.IsNaN), MissingSamples.Count(more));
    }

    [Theory]
    [InlineData(InputFilter.None)]
    [InlineData(InputFilter.BandPass)]
    public void EachLeadIsFilledFilteredAndStandardized(InputFilter filter)
    {
        var window = Window(
            (Lead.II, i => i is >= 1000 and < 1040 ? float.NaN : 5 + Wave(i)),
            (Lead.AVL, _ => 0.7f),
            (Lead.V1, _ => float.NaN),
            (Lead.V3, i => Wave(i + 77)),
            (Lead.V4, Wave),
            (Lead.V5, i => Wave(2 * i)),
            (Lead.V6, i => -Wave(i)));
        var before = window.Samples.ToArray();
        var prepared = new WindowPreparation(filter).Prepare(window);
        Assert.Equal(before, window.Samples);

        foreach (var lead in Enum.GetValues<Lead>())
        {
            var expected = window.Of(lead).ToArray();
            MissingSamples.Fill(expected);
            if (lead is Lead.AVL or Lead.V1 || window.Absent.Contains(lead)) Array.Clear(expected);
            else if (filter == InputFilter.BandPass) new ZeroPhaseBandPass().Apply(expected, EcgWindow.Length);
            Standardizer.Standardize(expected, expected);
            Assert.Equal(expected, Of(prepared, lead).ToArray());
        }
    }

    /// <summary>
    /// Made by scipy 1.10.1: <c>i = arange(400); x = (0.8*sin(2*pi*1.3*i/500) + 0.3*sin(2*pi*17*i/500 + 0.4) + 0.002*i + 1.5 + (i % 97 == 13)*2.0).astype(float32)</c>;
    /// <c>sosfiltfilt(butter(4, [0.5, 40], 'bandpass', fs=500, output='sos'), x.astype(float64))[::8]</c>, and the same with
    /// <c>butter(3, [5, 20], 'bandpass', fs=250, output='sos')</c> and <c>[::16]</c>.
    /// </summary>
    public static TheoryData<int, double, double, double, int, double[]> Scipy => new()
    {
        {
            4, 0.5, 40, 500, 8,
            [
                -0.0903530313, 0.240639762, 0.0473668303, -0.0745515009, 0.511803889, 0.512014361, 0.188431036, 0.50004247, 0.938199322, 0.683916165,
                0.468406563, 0.900666378, 1.10613631, 0.677396419, 0.894881597, 1.03184514, 0.964832379, 0.493837052, 0.647127401, 0.962148179,
                0.590024297, 0.226356515, 0.530821563, 0.624832585, 0.119883225, -0.0729511702, 0.62918493, 0.125731738, -0.336248007, -0.242015278,
                0.074634191, -0.274629679, -0.633913198, -0.305030011, -0.133932479, -0.586513469, -0.667647517, -0.272745327, 0.0704857258, -0.720252554,
                -0.472172277, -0.0514039615, -0.271708095, -0.541673709, -0.126036283, 0.157698509, -0.201458949, -0.249554808, 0.259229828, 0.290210085,
            ]
        },
        {
            3, 5, 20, 250, 16,
            [
                0.0418493641, -0.058675361, 0.221487389, -0.275054547, 0.30367155, -0.283989442, 0.238526298, -0.0261409533, 0.134451893, -0.0670758344,
                -0.00388002023, 0.0981794865, -0.181448836, 0.460618281, -0.286327108, 0.304550734, -0.294799335, 0.286320238, -0.251804402, 0.431498386,
                -0.122560811, 0.0240074291, 0.0907687428, -0.14453123, 0.101720393,
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Scipy))]
    public void TheBandPassEqualsScipys(int order, double low, double high, double rate, int step, double[] expected)
    {
        // Five leads: one whole group of lanes and one more, each alone as in company.
        const int length = 400, leads = 5;
        var samples = new float[leads * length];
        for (var i = 0; i < length; i++)
        {
            var x = (float)((0.8 * Math.Sin(2 * Math.PI * 1.3 * i / 500)) + (0.3 * Math.Sin((2 * Math.PI * 17 * i / 500) + 0.4)) + (0.002 * i) + 1.5
                + (i % 97 == 13 ? 2.0 : 0));
            for (var lead = 0; lead < leads; lead++) samples[(lead * length) + i] = lead % 2 == 0 ? x : -x;
        }

        new ZeroPhaseBandPass(low, high, order, rate).Apply(samples, length);
        for (var lead = 0; lead < leads; lead++)
            for (var k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], samples[(lead * length) + (k * step)] * (lead % 2 == 0 ? 1 : -1), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TheFilterIsDownThreeDecibelsAtItsEdges(int order)
    {
        var filter = new ButterworthBandPass(order, 0.5, 40, 500);
        Assert.Equal(order, filter.Sections.Length);
        Assert.Equal(Math.Sqrt(0.5), filter.Magnitude(0.5, 500), 1e-6);
        Assert.Equal(Math.Sqrt(0.5), filter.Magnitude(40, 500), 1e-9);
        Assert.Equal(1, filter.Magnitude(4.5, 500), 1e-2);
    }

    [Fact]
    public void WhatCannotBeFilteredIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroPhaseBandPass(0, 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroPhaseBandPass(40, 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZeroPhaseBandPass(1, 250));
        Assert.Throws<ArgumentException>(() => new ZeroPhaseBandPass().Apply(new float[27], 27));
        Assert.Throws<ArgumentException>(() => new ZeroPhaseBandPass().Apply(new float[101], 50));
        Assert.Throws<ArgumentException>(() => new WindowPreparation(InputFilter.None).Prepare(Window(), new float[5]));
    }
}
