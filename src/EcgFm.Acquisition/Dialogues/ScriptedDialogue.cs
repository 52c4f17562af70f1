using System.Text;

namespace EcgFm.Acquisition.Dialogues;

/// <summary>A dialogue that a profile writes down: lines to send and the answers to wait for.</summary>
/// <param name="start">How the device is made to send.</param>
/// <param name="stop">How it is made to be quiet.</param>
public sealed class ScriptedDialogue(IReadOnlyList<DialogueStep> start, IReadOnlyList<DialogueStep> stop) : IDeviceDialogue
{
    /// <summary>An answer is short. A device that sends samples already fills more, and the end of its answer is all that counts.</summary>
    private const int LongestAnswer = 4096;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> StartAsync(DialogueLine line, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(line);
        ReadOnlyMemory<byte> rest = default;
        foreach (var step in start)
        {
            await line.WriteAsync(Encoding.Latin1.GetBytes(step.Write), cancellation).ConfigureAwait(false);
            rest = step.Expect.Length > 0 ? await AnswerAsync(line, step, cancellation).ConfigureAwait(false) : default;
            if (step.Pause == TimeSpan.Zero) continue;
            var until = line.Now + step.Pause;
            while (line.Now < until) await line.ReadAsync(until, cancellation).ConfigureAwait(false);
            rest = default;
        }

        return rest;
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(DialogueLine line, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(line);
        foreach (var step in stop) await line.WriteAsync(Encoding.Latin1.GetBytes(step.Write), cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads up to the end of the answer and gives what stands behind it.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(DialogueLine line, DialogueStep step, CancellationToken cancellation)
    {
        var expected = Encoding.Latin1.GetBytes(step.Expect);
        var answer = new List<byte>();
        var until = line.Now + step.Within;
        while (true)
        {
            var read = await line.ReadAsync(until, cancellation).ConfigureAwait(false);
            if (read.IsEmpty && line.Now >= until)
            {
                if (step.Optional) return default;
                var what = answer.Count == 0 ? "does not answer" : "answers, but not as expected,";
                throw Fault(line, step, $"the device {what} when it is told to start (\"{Printable(step.Write)}\")");
            }

            answer.AddRange(read.Span);
            var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(answer);
            var end = all.IndexOf(expected);
            if (end >= 0)
            {
                var text = Encoding.Latin1.GetString(all[..(end + expected.Length)]);
                if (step.Refusal.Length > 0 && text.Contains(step.Refusal, StringComparison.OrdinalIgnoreCase))
                    throw Fault(line, step, $"the device answers \"{Printable(text)}\"");
                return all[(end + expected.Length)..].ToArray();
            }

            if (answer.Count > LongestAnswer) answer.RemoveRange(0, answer.Count - LongestAnswer / 2);
        }
    }

    private static DeviceException Fault(DialogueLine line, DialogueStep step, string what) =>
        new(DeviceFault.Unresponsive, $"{line.Name}: {what}. {(step.Hint.Length > 0 ? step.Hint : "Check that the right device is connected and switched on.")}");

    private static string Printable(string text) => string.Concat(text.Where(c => c is >= ' ' and < (char)127)).Trim();
}
