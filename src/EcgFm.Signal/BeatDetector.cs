using System.Buffers;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>Finds the heart beats (QRS complexes) of a window in all leads together.</summary>
/// <remarks>
/// In the tradition of Pan and Tompkins (IEEE Trans Biomed Eng 1985; 32:230): band-pass, slope, energy, adaptive threshold, refractory time, search back.
/// The window is known as a whole, so the filter has no delay (<see cref="ZeroPhaseBandPass"/>, 5 to 20 Hz) and the threshold looks both ways.
/// The slope energy of each lead is scaled to its own beats and weighted by how far the beats stand out of what lies between them, so that one noisy lead
/// counts little.
/// </remarks>
public static class BeatDetector
{
    private const int Rate = EcgWindow.SampleRate;
    private const int Length = EcgWindow.Length;
    private const int SlopeReach = Rate * 4 / 1000;
    private const int EnergyWidth = Rate * 90 / 1000;
    private const int Refractory = Rate * 200 / 1000;
    private const int TWaveReach = Rate * 360 / 1000;
    private const int PeakReach = Rate * 70 / 1000;
    private const int BeatReach = Rate * 100 / 1000;
    private const int Parts = 8;

    /// <summary>A beat repeats when so many others are like it.</summary>
    private const int Others = 3;

    private const double Threshold = 0.3, SearchBackThreshold = 0.2, TWaveThreshold = 0.6, Late = 1.5;

    /// <summary>The least slope energy (mV over 4 ms, root mean square over 90 ms) that is a beat and not the noise of an amplifier.</summary>
    private const float Silence = 0.004f;

    private static readonly ZeroPhaseBandPass QrsBand = new(5, 20, 2, Rate);

    /// <summary>The beats of a window.</summary>
    /// <param name="window">Ten seconds.</param>
    /// <param name="leads">The leads to look at; those that the source does not have are left out by themselves.</param>
    /// <returns>The R peaks (or the steepest peaks of the QRS complexes) as sample indices in the window at 500 Hz, ascending.</returns>
    public static ImmutableArray<int> Detect(EcgWindow window, LeadSet leads)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Detect(window, leads, []).Beats;
    }

    /// <summary>
    /// The beats; per lead (NaN where there are too few beats, or the lead is constant) how far they repeat, see <see cref="Likeness"/>; and per beat, over the
    /// leads, how alike it is to the median beat (1 where that is not known: at the window's ends, and with too few beats).
    /// </summary>
    internal static (ImmutableArray<int> Beats, ImmutableArray<float> Likeness) Detect(EcgWindow window, LeadSet leads, Span<double> likeness)
    {
        likeness.Fill(double.NaN);
        leads = leads.Intersect(window.Absent.Complement);
        if (leads.Count == 0) return ([], []);

        var rented = ArrayPool<float>.Shared.Rent((leads.Count + 4) * Length);
        try
        {
            var band = rented.AsSpan(0, leads.Count * Length);
            var envelope = rented.AsSpan(leads.Count * Length, Length);
            var together = rented.AsSpan((leads.Count + 1) * Length, Length);
            var peaks = rented.AsSpan((leads.Count + 2) * Length, Length);
            var energy = rented.AsSpan((leads.Count + 3) * Length, Length);
            var used = 0;
            Span<Lead> place = stackalloc Lead[StandardLeads.Count];
            foreach (var lead in leads)
            {
                var target = band.Slice(used * Length, Length);
                window.Of(lead).CopyTo(target);
                MissingSamples.Fill(target);
                if (target.ContainsAnyExcept(target[0])) place[used++] = lead;
            }

            band = band[..(used * Length)];
            QrsBand.Apply(band, Length);
            Combine(band, energy, envelope, together, peaks);
            var beats = FindBeats(together, peaks);
            var alike = new float[beats.Count];
            for (var i = 0; i < used && !likeness.IsEmpty; i++)
                likeness[(int)place[i]] = Likeness(band.Slice(i * Length, Length), beats, alike);
            for (var i = 0; i < alike.Length; i++) alike[i] = alike[i] == 0 ? 1 : alike[i] / used;
            return ([.. beats], ImmutableCollectionsMarshal.AsImmutableArray(alike));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>The weighted sum of the leads' envelopes (one at a usual beat, zero when there is none) and of their band-passed magnitudes.</summary>
    private static void Combine(
        ReadOnlySpan<float> band, Span<float> energy, Span<float> envelope, Span<float> together, Span<float> peaks)
    {
        together.Clear();
        peaks.Clear();
        double weights = 0;
        for (var first = 0; first < band.Length; first += Length)
        {
            var lead = band.Slice(first, Length);
            Envelope(lead, energy, envelope);
            var (beat, between) = Levels(envelope);
            if (beat < Silence) continue;
            var prominence = beat / Math.Max(between, Silence / 10);
            var weight = prominence * prominence;
            weights += weight;
            var scale = (float)(weight / beat);
            TensorPrimitives.MultiplyAdd(envelope, scale, together, together);
            TensorPrimitives.Abs(lead, envelope);
            TensorPrimitives.MultiplyAdd(envelope, scale, peaks, peaks);
        }

        if (weights == 0) return;
        TensorPrimitives.Divide(together, (float)weights, together);
    }

    /// <summary>The root mean square, over the width of a QRS complex, of the slope.</summary>
    private static void Envelope(ReadOnlySpan<float> lead, Span<float> energy, Span<float> envelope)
    {
        energy[..(SlopeReach / 2)].Clear();
        energy[^(SlopeReach / 2)..].Clear();
        var slope = energy[(SlopeReach / 2)..^(SlopeReach / 2)];
        TensorPrimitives.Subtract(lead[SlopeReach..], lead[..^SlopeReach], slope);
        TensorPrimitives.Multiply(slope, slope, slope);

        const int half = EnergyWidth / 2;
        double sum = 0;
        for (var i = -half; i < Length; i++)
        {
            if (i + half < Length) sum += energy[i + half];
            if (i > half) sum -= energy[i - half - 1];
            if (i >= 0) envelope[i] = (float)(Math.Max(sum, 0) / EnergyWidth);
        }

        TensorPrimitives.Sqrt(envelope, envelope);
    }

    /// <summary>
    /// The level of beats, the third greatest of eight parts' maxima, and the level between beats, the median. A greatest one far above the third is an artefact, or
    /// one of very few beats among P waves that go on (heart block): at a third of it the level leaves out those waves, and hardly a beat beside an artefact.
    /// </summary>
    private static (float Beat, float Between) Levels(ReadOnlySpan<float> envelope)
    {
        Span<float> greatest = stackalloc float[Parts];
        for (var part = 0; part < Parts; part++)
        {
            greatest[part] = TensorPrimitives.Max(envelope.Slice(part * Length / Parts, Length / Parts));
        }

        greatest.Sort();
        const int step = 10;
        Span<float> sample = stackalloc float[Length / step];
        for (var i = 0; i < sample.Length; i++) sample[i] = envelope[i * step];
        sample.Sort();
        return (Math.Max(greatest[Parts - 3], greatest[Parts - 1] / 3), sample[sample.Length / 2]);
    }

    private static List<int> FindBeats(ReadOnlySpan<float> envelope, ReadOnlySpan<float> peaks)
    {
        var candidates = Candidates(envelope);
        var beats = new List<int>(candidates.Count);
        foreach (var at in candidates)
            if (envelope[at] >= Threshold)
                beats.Add(at);
        DropTWaves(beats, envelope);
        SearchBack(beats, candidates, envelope);
        for (var i = 0; i < beats.Count; i++) beats[i] = PeakNear(beats[i], peaks);
        return beats;
    }

    /// <summary>Maxima that nothing greater stands beside within the refractory time.</summary>
    private static List<int> Candidates(ReadOnlySpan<float> envelope)
    {
        var candidates = new List<int>(32);
        var last = -Refractory;
        for (var i = 0; i < Length; i++)
        {
            var value = envelope[i];
            if (value <= 0.05f || (i > 0 && envelope[i - 1] > value) || (i < Length - 1 && envelope[i + 1] >= value)) continue;
            if (i - last < Refractory)
            {
                if (value <= envelope[last]) continue;
                candidates.RemoveAt(candidates.Count - 1);
            }

            candidates.Add(i);
            last = i;
        }

        return candidates;
    }

    /// <summary>A lesser wave soon after a beat is its T wave.</summary>
    private static void DropTWaves(List<int> beats, ReadOnlySpan<float> envelope)
    {
        for (var i = 1; i < beats.Count;)
        {
            if (beats[i] - beats[i - 1] < TWaveReach && envelope[beats[i]] < TWaveThreshold * envelope[beats[i - 1]]) beats.RemoveAt(i);
            else i++;
        }
    }

    /// <summary>Where the next beat is late, the greatest candidate in between counts if it reaches a lower threshold.</summary>
    private static void SearchBack(List<int> beats, List<int> candidates, ReadOnlySpan<float> envelope)
    {
        if (beats.Count < 3) return;
        Span<int> intervals = stackalloc int[beats.Count - 1];
        for (var i = 0; i < intervals.Length; i++) intervals[i] = beats[i + 1] - beats[i];
        intervals.Sort();
        var late = Late * intervals[intervals.Length / 2];

        for (var i = 0; i + 1 < beats.Count; i++)
        {
            if (beats[i + 1] - beats[i] <= late) continue;
            var best = -1;
            foreach (var at in candidates)
                if (at > beats[i] + TWaveReach && at < beats[i + 1] - Refractory && (best < 0 || envelope[at] > envelope[best]))
                    best = at;
            if (best >= 0 && envelope[best] >= SearchBackThreshold) beats.Insert(i + 1, best);
        }
    }

    /// <summary>
    /// How far the beats of a lead repeat: the median over the beats of the correlation of each (100 ms either way, band-passed) with the third most alike of the
    /// others. Noise does not repeat; beats of two shapes in turn do. NaN with fewer than four whole beats.
    /// The correlation of each beat with the median beat is added to <paramref name="alike"/>.
    /// </summary>
    private static double Likeness(ReadOnlySpan<float> lead, List<int> beats, Span<float> alike)
    {
        const int width = (2 * BeatReach) + 1;
        var (from, to) = (0, beats.Count);
        while (from < to && beats[from] < BeatReach) from++;
        while (to > from && beats[to - 1] + BeatReach >= Length) to--;
        var count = to - from;
        if (count < 3) return double.NaN;

        Span<float> column = stackalloc float[count];
        Span<float> median = stackalloc float[width];
        for (var k = 0; k < width; k++)
        {
            for (var beat = 0; beat < count; beat++) column[beat] = lead[beats[from + beat] - BeatReach + k];
            column.Sort();
            median[k] = column[count / 2];
        }

        Unit(median);
        Span<float> shapes = stackalloc float[count * width];
        for (var beat = 0; beat < count; beat++)
        {
            var shape = shapes.Slice(beat * width, width);
            lead.Slice(beats[from + beat] - BeatReach, width).CopyTo(shape);
            Unit(shape);
            alike[from + beat] += TensorPrimitives.Dot(shape, median);
        }

        if (count <= Others) return double.NaN;
        Span<float> others = stackalloc float[count];
        for (var beat = 0; beat < count; beat++)
        {
            for (var other = 0; other < count; other++)
                others[other] = other == beat ? float.NegativeInfinity : TensorPrimitives.Dot(shapes.Slice(beat * width, width), shapes.Slice(other * width, width));
            others.Sort();
            column[beat] = others[^Others];
        }

        column.Sort();
        return column[count / 2];
    }

    /// <summary>Without its mean and of length one, so that the product of two is their correlation; a constant one becomes zero.</summary>
    private static void Unit(Span<float> shape)
    {
        TensorPrimitives.Subtract(shape, TensorPrimitives.Sum(shape) / shape.Length, shape);
        var length = TensorPrimitives.Norm(shape);
        TensorPrimitives.Multiply(shape, length > 0 ? 1 / length : 0, shape);
    }

    private static int PeakNear(int at, ReadOnlySpan<float> peaks)
    {
        var from = Math.Max(at - PeakReach, 0);
        var to = Math.Min(at + PeakReach + 1, Length);
        var best = from;
        for (var i = from; i < to; i++)
            if (peaks[i] > peaks[best])
                best = i;
        return best;
    }
}
