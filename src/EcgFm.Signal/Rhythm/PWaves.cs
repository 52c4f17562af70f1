using EcgFm.Core;

namespace EcgFm.Signal.Rhythm;

/// <summary>Whether the same P wave stands before every beat.</summary>
/// <remarks>
/// In sinus rhythm, and before most early atrial beats, the stretch before the QRS complex repeats itself from beat to beat; fibrillation waves do not. That P waves are
/// missing tells fibrillation from other irregular rhythms (Petrėnas et al., Med Biol Eng Comput 2015; 53:287; Ladavich and Ghoraani, Biomed Signal Process Control
/// 2015; 18:274). The measure here is the intraclass correlation of one-way analysis of variance (Shrout and Fleiss, Psychol Bull 1979; 86:420): of the stretch from
/// 250 to 90 ms before the beat, in steps of 20 ms (which takes out the mains), freed of its mean and slope, the share of the power that is common to all beats,
/// each lead counting by its power.
/// </remarks>
internal static class PWaves
{
    private const int Step = EcgWindow.SampleRate / 50, Steps = 8, From = EcgWindow.SampleRate / 4, LeastInterval = EcgWindow.SampleRate * 38 / 100, LeastBeats = 4;

    /// <summary>A beat that is less alike than this has another way through the ventricles, and perhaps no P wave.</summary>
    private const float Usual = 0.9f;

    /// <summary>The share, below zero where there is less in common than chance would have; null with fewer than four usual beats that a T wave leaves room before.</summary>
    /// <param name="window">The window.</param>
    /// <param name="leads">The leads that are good.</param>
    /// <param name="beats">The beats.</param>
    /// <param name="alike">How alike each is to the usual one.</param>
    public static float? Repetition(EcgWindow window, LeadSet leads, ReadOnlySpan<int> beats, ReadOnlySpan<float> alike)
    {
        var (common, all) = (0.0, 0.0);
        Span<double> wave = stackalloc double[Steps];
        Span<double> sum = stackalloc double[Steps];
        foreach (var lead in leads)
        {
            var samples = window.Of(lead);
            var (count, power) = (0, 0.0);
            sum.Clear();
            for (var i = 1; i < beats.Length; i++)
            {
                if (alike[i] < Usual || beats[i] - beats[i - 1] < LeastInterval || beats[i] < From) continue;
                Wave(samples.Slice(beats[i] - From, Steps * Step), wave);
                if (double.IsNaN(wave[0])) continue;
                count++;
                for (var k = 0; k < Steps; k++)
                {
                    sum[k] += wave[k];
                    power += wave[k] * wave[k];
                }
            }

            if (count < LeastBeats) continue;
            var ofMean = 0.0;
            foreach (var value in sum) ofMean += value * value / count;
            common += (ofMean - (power / count)) / (count - 1);
            all += power / count;
        }

        return all > 0 ? (float)(common / all) : null;
    }

    /// <summary>The stretch in steps, without its mean and slope; all NaN when a sample is missing.</summary>
    private static void Wave(ReadOnlySpan<float> samples, Span<double> wave)
    {
        const double middle = (Steps - 1) / 2.0, spread = Steps * ((Steps * Steps) - 1) / 12.0;
        var (mean, slope) = (0.0, 0.0);
        for (var k = 0; k < Steps; k++)
        {
            var sum = 0.0;
            foreach (var sample in samples.Slice(k * Step, Step)) sum += sample;
            wave[k] = sum / Step;
            mean += wave[k] / Steps;
            slope += wave[k] * (k - middle) / spread;
        }

        for (var k = 0; k < Steps; k++) wave[k] -= mean + (slope * (k - middle));
    }
}
