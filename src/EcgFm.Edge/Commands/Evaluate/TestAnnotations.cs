using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>What the monitor said of a record, as annotations that WFDB's own tools read: its beats, and its alerts as rhythms.</summary>
internal static class TestAnnotations
{
    private const int Refractory = EcgWindow.SampleRate / 5;

    public static WfdbAnnotations Of(RecordRun run, EpisodeViews views)
    {
        var rate = run.Record.SampleRate;
        var rhythm = "(" + EpisodeViews.Rhythms[views.Label.Name][0];
        var notes = new List<Annotation> { new(0, AnnotationCode.Rhythm, rhythm == "(N" ? "(OTHER" : "(N") };
        foreach (var episode in run.Episodes(views.Rules[0].Code))
        {
            if (episode.Start <= 0) notes.Clear();
            notes.Add(new((long)Math.Round(episode.Start * rate), AnnotationCode.Rhythm, rhythm));
            if (episode.End < run.Record.Duration.TotalSeconds) notes.Add(new((long)Math.Round(episode.End * rate), AnnotationCode.Rhythm, rhythm == "(N" ? "(OTHER" : "(N"));
        }

        // A beat at the seam of two windows may be found in both.
        var last = long.MinValue / 2;
        foreach (var window in run.Windows)
            foreach (var beat in window.Input.Beats)
            {
                var at = window.Input.Window.FirstSample + beat;
                if (at - last < Refractory) continue;
                notes.Add(new((long)Math.Round(at * rate / EcgWindow.SampleRate), AnnotationCode.Normal));
                last = at;
            }

        // WFDB counts frames unless told otherwise.
        return new WfdbAnnotations { Items = [.. notes.OrderBy(note => note.Sample)], TimeResolution = rate == run.Record.Header.FrameRate ? null : rate };
    }
}
