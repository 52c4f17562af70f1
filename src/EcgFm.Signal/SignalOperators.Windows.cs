using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal;

public static partial class SignalOperators
{
    /// <summary>Cuts a stream into windows of ten seconds.</summary>
    /// <remarks>
    /// Lost samples (a jump of <see cref="EcgBlock.FirstSample"/>) are missing in every window that spans them. When more than a whole window is lost, or the
    /// count steps back, the window under way is completed as missing and the windows start anew at the block after the gap.
    /// A lead that the source has in one part of a window only is missing in the other. Each window is one new array; blocks and samples cost none.
    /// </remarks>
    /// <param name="source">Blocks of the twelve standard leads at 500 Hz.</param>
    /// <param name="hop">The time from the start of a window to the start of the next, a whole number of samples: ten seconds when null; more leaves some out.</param>
    /// <param name="finite">
    /// Whether the stream is a record that ends. Five seconds and more at its end that make no whole window are then in one of its last ten seconds, which reaches back
    /// into the window before; a record that has no ten seconds is completed as missing.
    /// </param>
    /// <returns>Windows of [12 × 5000]. Fails with <see cref="InvalidOperationException"/> when a block is not of twelve leads at 500 Hz.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hop is no whole, positive number of samples.</exception>
    public static IObservable<EcgWindow> Windows(this IObservable<EcgBlock> source, TimeSpan? hop = null, bool finite = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        var ticks = (hop ?? EcgWindow.Duration).Ticks;
        var samples = Math.DivRem(ticks, TimeSpan.TicksPerSecond / EcgWindow.SampleRate, out var rest);
        if (samples < 1 || rest != 0)
            throw new ArgumentOutOfRangeException(nameof(hop), hop, $"The hop must be a whole, positive number of samples of {1000 / EcgWindow.SampleRate} ms.");

        return Observable.Create<EcgWindow>(observer =>
        {
            var assembler = new WindowAssembler(samples, finite, observer.OnNext);
            return source.Subscribe(
                block =>
                {
                    try
                    {
                        assembler.Add(block);
                    }
                    catch (InvalidOperationException error)
                    {
                        observer.OnError(error);
                    }
                },
                observer.OnError,
                () =>
                {
                    assembler.Complete();
                    observer.OnCompleted();
                });
        });
    }
}
