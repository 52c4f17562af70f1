using System.Runtime.InteropServices;
using EcgFm.Core;
using EcgFm.Signal.Rhythm;

namespace EcgFm.Signal;

/// <summary>Judges whether a window is fit for analysis, lead by lead, and takes the heart rate from the leads that are.</summary>
/// <remarks>
/// A window is usable when one lead at least has nothing wrong: the network is trained with leads masked, down to one. A lead is
/// <list type="bullet">
/// <item>off when its electrode was off in any part of the window;</item>
/// <item>missing when more than a tenth of its samples is;</item>
/// <item>flat when over five of the ten seconds, taken in halves of a second, it moves by less than 10 µV;</item>
/// <item>saturated when more than a fiftieth of its samples lies at its very greatest or least value, 1 mV or more from the median (a limit, not a base line);</item>
/// <item>noise when its beats do not repeat and two detectors disagree on where they are: template matching after Orphanidou et al. (IEEE J Biomed Health Inform
/// 2015; 19:832), but against the beats nearest in shape, for ectopic beats are no noise (below 0.92), and bSQI, <see cref="LengthTransform"/> (below 0.8).
/// On windows of CinC 2017 this finds 43 of 55 of the strips that people called noisy, and 8 of 427 of the others, none of them AF. Kurtosis and the shares of power in the band of
/// the QRS complex and of the base line (kSQI, pSQI, basSQI; Clifford et al., Physiol Meas 2012; 33:1419) were measured too and added nothing.</item>
/// </list>
/// Beats without any likeness are noise or ventricular fibrillation; no rule here tells them apart. A stopped heart looks flat, and <see cref="Standstill"/> tells it.
/// </remarks>
public static class QualityAssessor
{
    private const double MostMissing = 0.1, MostAtLimit = 0.02, LeastRepetition = 0.92, LeastAgreement = 0.8;
    private const float FlatRange = 0.01f, LeastDistanceOfLimit = 1, LimitWidth = 1e-4f;
    private const int FlatPart = EcgWindow.SampleRate / 2, MostFlatParts = 10;

    /// <summary>The window with its quality, heart rate and beats.</summary>
    public static AssessedWindow Assess(EcgWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var issues = new QualityIssue[StandardLeads.Count];
        for (var lead = Lead.I; lead <= Lead.V6; lead++) issues[(int)lead] = Plain(window, lead);

        Span<double> repetition = stackalloc double[StandardLeads.Count];
        var candidates = Good(issues);
        var (beats, alike) = BeatDetector.Detect(window, candidates, repetition);
        for (var lead = 0; lead < issues.Length; lead++)
            if (repetition[lead] < LeastRepetition && LengthTransform.Agreement(window.Of((Lead)lead), beats.AsSpan()) < LeastAgreement)
                issues[lead] |= QualityIssue.Noise;

        var good = Good(issues);
        if (good.Count == 0) (beats, alike) = ([], []);
        else if (good != candidates) (beats, alike) = BeatDetector.Detect(window, good, repetition);
        return new AssessedWindow(
            window, new SignalQuality(ImmutableCollectionsMarshal.AsImmutableArray(issues), good.Count > 0), HeartRate.Of(beats.AsSpan()))
        {
            Beats = beats,
            BeatLikeness = alike,
            PWaveRepetition = PWaves.Repetition(window, good, beats.AsSpan(), alike.AsSpan()),
            SinceBeat = Standstill.SinceBeat(window, issues, beats.AsSpan()),
        };
    }

    private static LeadSet Good(ReadOnlySpan<QualityIssue> issues)
    {
        var good = LeadSet.None;
        for (var lead = 0; lead < issues.Length; lead++)
            if (issues[lead] == QualityIssue.None)
                good = good.With((Lead)lead);
        return good;
    }

    /// <summary>What can be seen without knowing the beats.</summary>
    private static QualityIssue Plain(EcgWindow window, Lead lead)
    {
        if (window.Absent.Contains(lead)) return QualityIssue.Absent;
        var issues = window.LeadOff.Contains(lead) ? QualityIssue.LeadOff : QualityIssue.None;
        if (window.Missing[(int)lead] > MostMissing * EcgWindow.Length) issues |= QualityIssue.Missing;

        var samples = window.Of(lead);
        var flat = 0;
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var from = 0; from < samples.Length; from += FlatPart)
        {
            var (low, high) = Range(samples.Slice(from, FlatPart));
            if (low <= high && high - low < FlatRange) flat++;
            (least, greatest) = (Math.Min(least, low), Math.Max(greatest, high));
        }

        if (flat > MostFlatParts) return issues | QualityIssue.Flat;
        return AtLimits(samples, least, greatest) > MostAtLimit * EcgWindow.Length ? issues | QualityIssue.Saturated : issues;
    }

    /// <summary>The least and the greatest sample that is there.</summary>
    internal static (float Low, float High) Range(ReadOnlySpan<float> samples)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var sample in samples)
        {
            if (sample < low) low = sample;
            if (sample > high) high = sample;
        }

        return (low, high);
    }

    /// <summary>The samples at the least or the greatest value, if it is far enough from the median.</summary>
    private static int AtLimits(ReadOnlySpan<float> samples, float least, float greatest)
    {
        const int step = 10;
        Span<float> sorted = stackalloc float[EcgWindow.Length / step];
        var there = 0;
        for (var i = 0; i < samples.Length; i += step)
            if (!float.IsNaN(samples[i]))
                sorted[there++] = samples[i];
        if (there == 0) return 0;
        sorted[..there].Sort();
        var median = sorted[there / 2];

        var below = median - least >= LeastDistanceOfLimit ? least + LimitWidth : float.NegativeInfinity;
        var above = greatest - median >= LeastDistanceOfLimit ? greatest - LimitWidth : float.PositiveInfinity;
        var count = 0;
        foreach (var sample in samples)
            if (sample <= below || sample >= above)
                count++;
        return count;
    }
}
