using System.Reactive.Concurrency;

namespace EcgFm.Acquisition.Dialogues;

/// <summary>An open line on which somebody waits for answers.</summary>
/// <param name="name">What it is, for messages.</param>
/// <param name="stream">The line itself.</param>
/// <param name="scheduler">Times the waits.</param>
/// <param name="received">Hears of everything that was read.</param>
public sealed class DialogueLine(string name, Stream stream, IScheduler scheduler, Action<ReadOnlyMemory<byte>>? received = null)
{
    private readonly byte[] _buffer = new byte[1024];

    /// <summary>What it is, for messages.</summary>
    public string Name => name;

    /// <summary>The line itself. A dialogue that needs more than bytes, such as a control point, finds it on the stream's own type.</summary>
    public Stream Stream => stream;

    /// <summary>Sends bytes.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => stream.WriteAsync(bytes, cancellation);

    /// <summary>The next bytes, valid until the next call; empty when none came before a time of the scheduler.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        if (scheduler.Now >= until) return default;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var plan = scheduler.Schedule(until, late.Cancel);
        try
        {
            var read = await stream.ReadAsync(_buffer, late.Token).ConfigureAwait(false);
            received?.Invoke(_buffer.AsMemory(0, read));
            return _buffer.AsMemory(0, read);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return default;
        }
    }

    /// <summary>The scheduler's time.</summary>
    public DateTimeOffset Now => scheduler.Now;
}
