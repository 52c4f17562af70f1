using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Model.Tests;

/// <summary>Windows of made-up signals.</summary>
internal static class TestWindows
{
    public static AssessedWindow Window(int index)
    {
        var random = new Random(index);
        var samples = new float[StandardLeads.Count * EcgWindow.Length];
        for (var lead = 0; lead < StandardLeads.Count; lead++)
            for (var i = 0; i < EcgWindow.Length; i++)
                samples[lead * EcgWindow.Length + i] = (float)(Math.Pow(Math.Sin(Math.PI * (i + 40 * index) / 400), 40) * (lead + 1) / 6 + 0.02 * (random.NextDouble() - 0.5));
        var window = new EcgWindow
        {
            Index = index,
            FirstSample = index * (long)EcgWindow.Length,
            Start = DateTimeOffset.UnixEpoch + index * EcgWindow.Duration,
            Samples = samples,
            Missing = ImmutableArray.CreateRange(new int[StandardLeads.Count]),
        };
        return new(window, new([.. new QualityIssue[StandardLeads.Count]], Usable: true), 75);
    }
}
