using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    /// <summary>Brings blocks to another sampling rate by linear interpolation; blocks that have it already pass as they are.</summary>
    /// <param name="source">Blocks of any layout and rate.</param>
    /// <param name="rate">Samples per second of the result.</param>
    /// <param name="recordLength">
    /// The samples per channel of a whole record, to align both ends as ECG-FM's authors do (<see cref="LinearResampler"/>); null for a stream without end.
    /// </param>
    /// <returns>Blocks of the same layout; a block that completes no sample of the result gives none.</returns>
    public static IObservable<EcgBlock> Resample(
        this IObservable<EcgBlock> source, double rate = EcgWindow.SampleRate, long? recordLength = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            var resampler = new LinearResampler(rate, recordLength);
            return source.Select(resampler.Process).Where(block => block is not null).Select(block => block!);
        });
    }
}
