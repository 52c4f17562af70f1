using EcgFm.Acquisition.Transports;

namespace EcgFm.Testing;

/// <summary>Passes a live line on, and tells when its reader has dealt with so many bytes.</summary>
internal sealed class WatchedLine(IByteTransport line) : IByteTransport
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _reached;
    private long _read, _wanted;
    private bool _asks;

    public string Name => line.Name;

    public bool IsLive => line.IsLive;

    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation) => new Watched(this, await line.OpenAsync(cancellation));

    /// <summary>Completes when so many bytes were read in all, and the reader asks for more.</summary>
    public Task DealtWithAsync(long bytes)
    {
        lock (_gate)
        {
            if (_asks && _read >= bytes) return Task.CompletedTask;
            _wanted = bytes;
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private void Asks()
    {
        lock (_gate)
        {
            _asks = true;
            if (_read >= _wanted) _reached?.TrySetResult();
        }
    }

    private void Took(int bytes)
    {
        lock (_gate)
        {
            _asks = false;
            _read += bytes;
        }
    }

    private sealed class Watched(WatchedLine owner, Stream inner) : LineStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Asks();
            var read = await inner.ReadAsync(buffer, cancellationToken);
            owner.Took(read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
