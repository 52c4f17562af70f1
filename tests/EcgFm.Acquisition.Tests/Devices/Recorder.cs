using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Devices;

/// <summary>Keeps what a stream gives and tells how it ended.</summary>
internal sealed class Recorder : IObserver<EcgBlock>
{
    private readonly TaskCompletionSource<Exception?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

    public List<EcgBlock> Blocks { get; } = [];

    /// <summary>The error, or null when the stream completed.</summary>
    public Task<Exception?> End => _end.Task;

    public async Task<DeviceException> FaultAsync() => Assert.IsType<DeviceException>(await End.WaitAsync(TimeSpan.FromSeconds(30)));

    /// <summary>Completes when so many blocks have come.</summary>
    public Task Reached(int count)
    {
        lock (Blocks)
        {
            if (Blocks.Count >= count) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void OnNext(EcgBlock value)
    {
        lock (Blocks)
        {
            Blocks.Add(value);
            foreach (var (count, reached) in _waiting)
                if (Blocks.Count >= count)
                    reached.TrySetResult();
        }
    }

    public void OnError(Exception error) => _end.TrySetResult(error);

    public void OnCompleted() => _end.TrySetResult(null);
}
