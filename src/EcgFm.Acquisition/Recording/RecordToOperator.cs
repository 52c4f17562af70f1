using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Acquisition.Recording;

/// <summary>The operator <c>RecordTo</c>.</summary>
public static class RecordToOperator
{
    /// <summary>Passes the blocks on, and to a recorder where there is one.</summary>
    public static IObservable<EcgBlock> RecordTo(this IObservable<EcgBlock> blocks, EcgRecorder? recorder) =>
        recorder is null ? blocks : blocks.Do(recorder.Write);
}
