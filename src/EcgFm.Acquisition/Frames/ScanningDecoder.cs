using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>
/// The search for frames that begin with a mark: what is no frame costs one byte, and the search goes on behind it, for the true beginning may stand within
/// what looked like a frame.
/// </summary>
/// <remarks>The bytes are kept only while a frame is incomplete. Nothing is allocated for a frame.</remarks>
public abstract class ScanningDecoder : IFrameDecoder
{
    /// <summary>What <see cref="Take"/> returns for one byte that is neither a frame nor damage.</summary>
    private protected const int LineEnd = int.MinValue;

    private readonly OutageLog _outage;
    private readonly byte[] _kept;
    private int _keptLength;
    private long _good, _bad, _foreign;
    private bool _joined, _skipping;

    private protected ScanningDecoder(int longestFrame, string name, ILogger? log)
    {
        _outage = new OutageLog(name, log);
        // One frame that waits for its end, and as much again that has come with it.
        _kept = new byte[2 * longestFrame];
    }

    /// <inheritdoc/>
    public FrameCounts Counts => new(_good, _bad, _foreign, 0);

    /// <summary>Bytes since the last frame that were skipped: what was damaged stood there.</summary>
    private protected long Skipped { get; private set; }

    /// <summary>Whether a frame has been found: before, damage cannot be told from joining in the middle.</summary>
    private protected bool Joined => _joined;

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (_keptLength > 0 && !bytes.IsEmpty)
        {
            // The kept bytes begin a frame that these may complete.
            var kept = _keptLength;
            var taken = Math.Min(bytes.Length, _kept.Length - kept);
            bytes[..taken].CopyTo(_kept.AsSpan(kept));
            var used = Scan(_kept.AsSpan(0, kept + taken), sink);
            if (used >= kept)
            {
                _keptLength = 0;
                bytes = bytes[(used - kept)..];
                break;
            }

            _keptLength = kept + taken - used;
            _kept.AsSpan(used, _keptLength).CopyTo(_kept);
            bytes = bytes[taken..];
        }

        if (bytes.IsEmpty) return;
        bytes = bytes[Scan(bytes, sink)..];
        bytes.CopyTo(_kept);
        _keptLength = bytes.Length;
    }

    /// <inheritdoc/>
    public void Lost(int bytes)
    {
        Skip(_keptLength + Math.Max(bytes, 1));
        _keptLength = 0;
    }

    /// <summary>Where the next frame can begin, at the earliest: the length when it cannot begin here.</summary>
    private protected abstract int Find(ReadOnlySpan<byte> bytes);

    /// <summary>Takes the frame at the beginning of the bytes.</summary>
    /// <returns>
    /// Its length; 0 when more bytes are needed to say; -1 when it is no frame; less than -1 for as many bytes of another message; <see cref="LineEnd"/>.
    /// </returns>
    private protected abstract int Take(ReadOnlySpan<byte> bytes, IFrameSink sink);

    private int Scan(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var skip = Find(bytes[at..]);
            if (skip > 0) Skip(skip);
            at += skip;
            if (at == bytes.Length) break;
            var length = Take(bytes[at..], sink);
            if (length == 0) break;
            if (length == -1)
            {
                Skip(1);
                at++;
            }
            else if (length == LineEnd)
            {
                at++;
            }
            else if (length < 0)
            {
                _foreign++;
                at -= length;
            }
            else
            {
                _good++;
                _joined = true;
                _skipping = false;
                Skipped = 0;
                _outage.Good();
                at += length;
            }
        }

        return at;
    }

    /// <summary>A run of bytes that are no frame counts as one damage.</summary>
    private void Skip(int bytes)
    {
        Skipped += bytes;
        if (!_joined || _skipping) return;
        _skipping = true;
        _bad++;
        _outage.Bad();
    }
}
