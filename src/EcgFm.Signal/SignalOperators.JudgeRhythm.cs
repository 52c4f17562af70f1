using System.Reactive.Linq;
using EcgFm.Core;
using EcgFm.Signal.Rhythm;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    /// <summary>
    /// Adds to each window what the intervals between the beats say of the rhythm, over up to thirty seconds back from its end (<see cref="BeatRhythm"/>).
    /// </summary>
    /// <param name="source">Every window of one stream, in order; they may overlap. It stands before anything that skips windows.</param>
    /// <param name="classifier">Who judges; the shipped one unless given.</param>
    public static IObservable<AssessedWindow> JudgeRhythm(this IObservable<AssessedWindow> source, RhythmClassifier? classifier = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        classifier ??= RhythmClassifier.Shipped;
        return Observable.Defer(() =>
        {
            var history = new BeatHistory();
            return source.Select(window => history.Add(window) is { } intervals ? window with { Rhythm = classifier.Judge(intervals) } : window);
        });
    }
}
