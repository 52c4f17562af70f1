using System.CommandLine;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text.Json;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Edge.Output;
using EcgFm.Signal;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary><c>evaluate beats</c>: the beats of every window, from which <c>models/training/fit_beats.py</c> fits the judgement of their intervals.</summary>
internal static class EvaluateBeatsCommand
{
    public static Command Create()
    {
        var records = EvaluateOptions.Records();
        var command = new Command("beats", "Print the beats of every window of every record, one JSON object a line.") { records };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            using var output = StandardOutput.Open(prompt: false);
            await RecordFolder.JudgeAsync([.. RecordFolder.Find(parsed.GetRequiredValue(records)).Select(path => (path, path))], async (_, record) =>
            {
                var windows = 0;
                await new WfdbSource(record, PlaybackSpeed.Max, scheduler: CurrentThreadScheduler.Instance).Blocks()
                    .ToStandardLeads()
                    .Resample()
                    .Windows(finite: true)
                    .AssessQuality()
                    .ForEachAsync(window =>
                    {
                        windows++;
                        output.WriteLine(Line(record, window));
                    }, stop)
                    .ConfigureAwait(false);
                return windows > 0;
            }, () => { }, stop).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    private static string Line(WfdbRecord record, AssessedWindow window) => JsonSerializer.Serialize(new
    {
        record = record.Name,
        firstSample = window.Window.FirstSample,
        usable = window.Quality.Usable,
        beats = window.Beats,
        pWaves = window.PWaveRepetition is { } share ? (float?)MathF.Round(share, 4) : null,
        alike = window.BeatLikeness.Select(alike => MathF.Round(alike, 3)),
    });
}
