using System.Threading.Channels;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Tests.Devices;

/// <summary>A live line that the test feeds: <see cref="SendAsync"/> returns when the reader has dealt with the bytes and asks for more.</summary>
internal sealed class ScriptedLine : Stream, IByteTransport
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private TaskCompletionSource _asked = New();
    private ReadOnlyMemory<byte> _rest;

    public TaskCompletionSource Closed { get; } = New();

    public string Name => "scripted";

    public bool IsLive => true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Completes when the reader waits for bytes, or has closed the line.</summary>
    public Task Asked => _asked.Task;

    public ValueTask<Stream> OpenAsync(CancellationToken cancellation) => new(new LiveStream(this, this, Name));

    public async Task SendAsync(params byte[] bytes)
    {
        await Asked;
        if (Closed.Task.IsCompleted) return;
        _asked = New();
        Assert.True(_pieces.Writer.TryWrite(bytes));
        await Asked;
    }

    public void Cut(Exception? error = null) => _pieces.Writer.Complete(error);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty)
        {
            _asked.TrySetResult();
            try
            {
                _rest = await _pieces.Reader.ReadAsync(cancellationToken);
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

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Closed.TrySetResult();
        _asked.TrySetResult();
        base.Dispose(disposing);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
