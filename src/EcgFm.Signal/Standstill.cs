using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>Tells a heart that stands still from a lead that has come off, a line that is dead, and noise.</summary>
/// <remarks>
/// A lead can witness a standstill when its electrodes are on, its samples come, and from the last beat on it is quiet but alive: no half second spans more than
/// 0.5 mV (an open input picks up the mains and drifts further; fibrillation spans more), and it moves at all (a connected amplifier always has noise of its own;
/// a line that gives the same number for seconds is dead). Flat leads can witness, noisy and saturated ones cannot.
/// Ventricular standstill with P waves is seen while beats are still in the window to compare with; after that the P waves may be taken for small beats.
/// </remarks>
internal static class Standstill
{
    private const float MostQuiet = 0.5f;
    private const int Part = EcgWindow.SampleRate / 2;

    /// <summary>A beat so short ago needs no witness.</summary>
    private const int Recent = 2 * EcgWindow.SampleRate;

    /// <summary>See <see cref="AssessedWindow.SinceBeat"/>.</summary>
    /// <param name="window">The window.</param>
    /// <param name="issues">What is wrong with each lead.</param>
    /// <param name="beats">The beats of the leads with nothing wrong.</param>
    public static TimeSpan? SinceBeat(EcgWindow window, ReadOnlySpan<QualityIssue> issues, ReadOnlySpan<int> beats)
    {
        var witnesses = With(issues, QualityIssue.None);
        if (witnesses.Count == 0)
        {
            witnesses = With(issues, QualityIssue.Flat);
            beats = BeatDetector.Detect(window, witnesses).AsSpan();
        }

        if (witnesses.Count == 0) return null;
        var last = beats.IsEmpty ? 0 : beats[^1];
        var since = TimeSpan.FromSeconds((EcgWindow.Length - last) / (double)EcgWindow.SampleRate);
        if (EcgWindow.Length - last < Recent) return since;
        foreach (var lead in witnesses)
            if (IsQuiet(window.Of(lead)[last..]))
                return since;
        return null;
    }

    private static LeadSet With(ReadOnlySpan<QualityIssue> issues, QualityIssue issue)
    {
        var leads = LeadSet.None;
        for (var lead = 0; lead < issues.Length; lead++)
            if (issues[lead] == issue)
                leads = leads.With((Lead)lead);
        return leads;
    }

    private static bool IsQuiet(ReadOnlySpan<float> samples)
    {
        // The beat itself, and its T wave, are not quiet.
        samples = samples[Math.Min(Part, samples.Length)..];
        var moves = false;
        for (; samples.Length >= Part; samples = samples[Part..])
        {
            var (low, high) = QualityAssessor.Range(samples[..Part]);
            if (high - low > MostQuiet) return false;
            moves |= high > low;
        }

        return moves;
    }
}
