using System.Reactive.Linq;
using EcgFm.Core;
using EcgFm.Signal.Rhythm;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    private static readonly SignalQuality NoEcg = new([.. Enumerable.Repeat(QualityIssue.Absent, StandardLeads.Count)], Usable: false);

    /// <summary>
    /// The vitals that a sensor without ECG gives: its own heart rate, and what the intervals between the beats say of the rhythm over up to thirty seconds. It has
    /// no lead, and never makes a window.
    /// </summary>
    public static IObservable<Vitals> Vitals(this IObservable<Pulse> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            var history = new PulseHistory();
            return source.Select(pulse =>
            {
                var intervals = history.Add(pulse);
                var felt = pulse.Contact != false;
                return new Vitals(pulse.Time, felt ? pulse.HeartRate : null, LeadSet.None, LeadSet.All, NoEcg)
                {
                    Source = VitalsSource.HeartRateSensor,
                    Contact = pulse.Contact,
                    Rhythm = felt ? RhythmClassifier.Shipped.Judge(intervals) : null,
                };
            });
        });
    }
}
