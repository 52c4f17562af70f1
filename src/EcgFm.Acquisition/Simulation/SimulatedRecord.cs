using System.Collections.Immutable;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Simulation;

/// <summary>Writes simulated patients as WFDB records with their truth beside them.</summary>
public static class SimulatedRecord
{
    /// <summary>Writes <c>path.hea</c>, <c>path.dat</c> (format 16, twelve leads, 1 µV per unit) and <c>path.atr</c> with beats and rhythms.</summary>
    /// <param name="path">The path of the record without extension; its file name is the record's name.</param>
    /// <param name="script">What the patient goes through; it must have an end.</param>
    /// <param name="seed">Which patient.</param>
    /// <param name="sampleRate">Samples per second and lead.</param>
    /// <param name="noise">Disturbances where the script names none; <see cref="NoiseLevels.Quiet"/> unless given.</param>
    /// <param name="start">The time of the first sample, to stand in the header.</param>
    /// <param name="cancel">Ends the writing early; what was written until then is a valid, shorter record.</param>
    /// <returns>The record, opened.</returns>
    /// <exception cref="ArgumentException">The script never ends, or the path's file name cannot be a record's.</exception>
    public static WfdbRecord Write(
        string path, RhythmScript script, int seed = 1, double sampleRate = 500, NoiseLevels? noise = null, DateTimeOffset? start = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(script);
        if (script.Duration is null) throw new ArgumentException("A record has an end, so the script needs one too: give its last episode a duration, and no 'repeat'.", nameof(script));
        var ecg = new SimulatedEcg(script, seed, sampleRate, noise);
        var annotations = ImmutableArray.CreateBuilder<Annotation>();
        var record = path.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
        using (var writer = new WfdbRecordWriter(record, StandardLeads.Layout, sampleRate) { Start = start, Info = [$"Simulated by EcgFm.Edge: {script}, seed {seed}"] })
        {
            var buffer = new float[StandardLeads.Count * 4096];
            while (!cancel.IsCancellationRequested && ecg.Position < ecg.Length)
            {
                var length = (int)Math.Min(4096, ecg.Length.Value - ecg.Position);
                var samples = buffer.AsSpan(0, StandardLeads.Count * length);
                _ = ecg.Read(samples, out _);
                writer.Write(samples);
                annotations.AddRange(ecg.TakeAnnotations());
            }
        }

        new WfdbAnnotations { Items = annotations.ToImmutable() }.Write(record + ".atr");
        return WfdbRecord.Open(record);
    }
}
