using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    /// <summary>Judges each window: whether it is usable and why not, its beats and heart rate (<see cref="QualityAssessor"/>).</summary>
    public static IObservable<AssessedWindow> AssessQuality(this IObservable<EcgWindow> source) => source.Select(QualityAssessor.Assess);
}
