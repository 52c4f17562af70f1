using System.Buffers.Binary;
using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of <c>{bed}/snippet/{id}</c>: ten seconds of all leads with where the network looked, for whoever wants to see what an alert rests on.</summary>
public sealed record SnippetMessage
{
    /// <summary>How a missing sample is written.</summary>
    public const short Missing = short.MinValue;

    /// <summary>Always "snippet".</summary>
    public string Type { get; } = "snippet";

    /// <summary>The alert that it belongs to, or a name of its own for one that was asked for.</summary>
    public required Guid Id { get; init; }

    /// <summary>The bed.</summary>
    public required string Bed { get; init; }

    /// <summary>"onset" for the ten seconds that began an alert, "snapshot" for those that were asked for.</summary>
    public required string Cause { get; init; }

    /// <summary>The time of the first sample.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Samples per second and lead.</summary>
    public int SampleRate { get; } = EcgWindow.SampleRate;

    /// <summary>Samples per lead.</summary>
    public int Length { get; } = EcgWindow.Length;

    /// <summary>The leads that the source has, by name: base64 of <see cref="Length"/> 16-bit signed integers, low byte first, in microvolts; −32768 is a missing sample.</summary>
    public required IReadOnlyDictionary<string, string> Leads { get; init; }

    /// <summary>Leads whose electrode was off in any part of it.</summary>
    public required IReadOnlyList<string> LeadOff { get; init; }

    /// <summary>Whether it was fit for analysis, and what was wrong with which lead.</summary>
    public required QualityMessage Quality { get; init; }

    /// <summary>Beats per minute, where enough beats were found.</summary>
    public double? HeartRate { get; init; }

    /// <summary>The R peaks, as sample numbers from zero.</summary>
    public required IReadOnlyList<int> Beats { get; init; }

    /// <summary>Where the network looked: base64 of <see cref="Length"/> bytes, one for each sampling instant, 255 where it looked most; absent when the network does not say, or none was asked.</summary>
    public string? Saliency { get; init; }

    /// <summary>What the network says of it; absent when none was asked.</summary>
    public InterpretationMessage? Interpretation { get; init; }

    /// <summary>The message for a window, with its interpretation where there is one.</summary>
    public static SnippetMessage From(Guid id, string bed, string cause, AssessedWindow input, Interpretation? interpretation)
    {
        var (window, quality, heartRate) = input;
        return new()
        {
            Id = id,
            Bed = bed,
            Cause = cause,
            Start = window.Start,
            Leads = window.Absent.Complement.ToDictionary(StandardLeads.Name, lead => Convert.ToBase64String(Microvolts(window.Of(lead)))),
            LeadOff = [.. window.LeadOff.Select(StandardLeads.Name)],
            Quality = QualityMessage.From(window, quality),
            HeartRate = heartRate is { } rate ? Math.Round(rate, 1) : null,
            Beats = [.. input.Beats],
            Saliency = interpretation is { Saliency: { IsDefaultOrEmpty: false } saliency } ? Convert.ToBase64String(Stretched(saliency.AsSpan(), window.Samples.Length / StandardLeads.Count)) : null,
            Interpretation = interpretation is null ? null : InterpretationMessage.From(interpretation, bed),
        };
    }

    /// <summary>A sample in microvolts; what does not fit is as large as it can be.</summary>
    internal static short Microvolts(float millivolts) =>
        float.IsNaN(millivolts) ? Missing : (short)Math.Clamp(MathF.Round(millivolts * 1000), -short.MaxValue, short.MaxValue);

    private static byte[] Microvolts(ReadOnlySpan<float> millivolts)
    {
        var bytes = new byte[millivolts.Length * 2];
        for (var i = 0; i < millivolts.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), Microvolts(millivolts[i]));
        return bytes;
    }

    /// <summary>The network's time steps drawn out to samples, in straight lines between their middles, with the greatest as 255.</summary>
    private static byte[] Stretched(ReadOnlySpan<float> steps, int length)
    {
        var greatest = 0f;
        foreach (var step in steps) greatest = MathF.Max(greatest, step);
        var samples = new byte[length];
        if (!(greatest > 0)) return samples;
        for (var i = 0; i < length; i++)
        {
            var at = Math.Clamp((i + 0.5f) * steps.Length / length - 0.5f, 0, steps.Length - 1);
            var (left, part) = ((int)at, at - (int)at);
            var value = steps[left] + part * (steps[Math.Min(left + 1, steps.Length - 1)] - steps[left]);
            samples[i] = (byte)MathF.Round(Math.Clamp(value / greatest, 0, 1) * 255);
        }

        return samples;
    }
}
