using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>
/// Makes a network's input of a window, lead by lead: missing samples are filled (<see cref="MissingSamples.Fill"/>), the lead is filtered if the network
/// wants it, and standardised over the ten seconds (<see cref="Standardizer"/>). A lead that is absent, constant or entirely missing is zero.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="filter">What the network was trained with.</param>
public sealed class WindowPreparation(InputFilter filter)
{
    private static readonly ZeroPhaseBandPass BandPass = new(0.5, 40, 4, EcgWindow.SampleRate);

    /// <summary>What the network was trained with.</summary>
    public InputFilter Filter { get; } = filter;

    /// <summary>The input of the network, [12 × 5000] without unit.</summary>
    public float[] Prepare(EcgWindow window)
    {
        var result = GC.AllocateUninitializedArray<float>(StandardLeads.Count * EcgWindow.Length);
        Prepare(window, result);
        return result;
    }

    /// <summary>Writes the input of the network.</summary>
    /// <param name="window">The window; it stays as it is.</param>
    /// <param name="result">[12 × 5000] without unit, no sample missing.</param>
    /// <exception cref="ArgumentException">The result does not have 12 × 5000 samples.</exception>
    public void Prepare(EcgWindow window, Span<float> result)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (result.Length != window.Samples.Length)
            throw new ArgumentException($"The result must have {window.Samples.Length} samples.", nameof(result));

        // Leads with a signal are gathered at the front, so that the filter's lanes are not spent on absent ones.
        Span<int> place = stackalloc int[StandardLeads.Count];
        var used = 0;
        for (var lead = 0; lead < StandardLeads.Count; lead++)
        {
            place[lead] = -1;
            if (window.Absent.Contains((Lead)lead)) continue;
            var target = result.Slice(used * EcgWindow.Length, EcgWindow.Length);
            window.Of((Lead)lead).CopyTo(target);
            if (window.Missing[lead] > 0) MissingSamples.Fill(target);
            if (target.ContainsAnyExcept(target[0])) place[lead] = used++;
        }

        if (Filter == InputFilter.BandPass) BandPass.Apply(result[..(used * EcgWindow.Length)], EcgWindow.Length);

        for (var lead = StandardLeads.Count - 1; lead >= 0; lead--)
        {
            var target = result.Slice(lead * EcgWindow.Length, EcgWindow.Length);
            if (place[lead] < 0) target.Clear();
            else Standardizer.Standardize(result.Slice(place[lead] * EcgWindow.Length, EcgWindow.Length), target);
        }
    }
}
