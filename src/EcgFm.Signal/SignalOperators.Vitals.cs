using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    /// <summary>The vitals of each window. For one per second cut the windows with a hop of one second.</summary>
    public static IObservable<Vitals> Vitals(this IObservable<AssessedWindow> source) => source.Select(assessed => new Vitals(
        assessed.Window.End, assessed.HeartRate, assessed.Window.LeadOff, assessed.Window.Absent, assessed.Quality));
}
