using System.Threading.Channels;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Testing;

/// <summary>A live line that the test feeds: <see cref="SendAsync"/> returns when the reader has dealt with the bytes and asks for more.</summary>
/// <param name="written">Hears of what the reader writes; without it nothing can be written.</param>
public sealed class ScriptedLine(Action<ReadOnlyMemory<byte>>? written = null) : LineStream, IByteTransport
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private volatile TaskCompletionSource _asked = New();
    private ReadOnlyMemory<byte> _rest;

    public string Name => "scripted";

    public bool IsLive => true;

    /// <summary>Completes when the reader has closed the line.</summary>
    public TaskCompletionSource Closed { get; } = New();

    /// <summary>Completes when the reader waits for bytes, or has closed the line.</summary>
    public Task Asked => _asked.Task;

    public ValueTask<Stream> OpenAsync(CancellationToken cancellation) => new(new LiveStream(this, this, Name));

    /// <summary>Sends bytes when the reader asks for some, and waits until it asks for more.</summary>
    public async Task SendAsync(params byte[] bytes)
    {
        await Asked;
        if (Closed.Task.IsCompleted) return;
        Send(bytes);
        await Asked;
    }

    /// <summary>Sends bytes now. Nobody hears a device whose plug is pulled.</summary>
    public void Send(byte[] bytes)
    {
        Busy();
        if (!_pieces.Writer.TryWrite(bytes)) _asked.TrySetResult();
    }

    /// <summary>Somebody pulls the plug.</summary>
    public void Cut(Exception? error = null) => _pieces.Writer.Complete(error);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && _pieces.Reader.TryRead(out var ready)) _rest = ready;
        if (_rest.IsEmpty)
        {
            // Nobody asks any more before whoever cancels goes on; two registrations at one token would leave open which of them is first.
            using var abandoned = new CancellationTokenSource();
            using var gone = cancellationToken.Register(() =>
            {
                Busy();
                abandoned.Cancel();
            });
            if (!abandoned.IsCancellationRequested) _asked.TrySetResult();
            try
            {
                _rest = await _pieces.Reader.ReadAsync(abandoned.Token);
            }
            catch (ChannelClosedException e)
            {
                return e.InnerException is { } error ? throw error : 0;
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        (written ?? throw new NotSupportedException())(buffer);
        return ValueTask.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        Closed.TrySetResult();
        _asked.TrySetResult();
        base.Dispose(disposing);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nobody asks any more. Whoever waits for the next question waits on the same promise.</summary>
    private void Busy()
    {
        if (_asked.Task.IsCompleted && !Closed.Task.IsCompleted) _asked = New();
    }
}
