namespace EcgFm.Acquisition.Frames;

/// <summary>Finds the frames of one kind of device in its bytes. Not thread-safe; a new connection takes a new decoder.</summary>
public interface IFrameDecoder
{
    /// <summary>What it has seen so far.</summary>
    FrameCounts Counts { get; }

    /// <summary>About so many bytes are missing before the next ones: what has begun is not completed by them. A checksum sees that by itself.</summary>
    void Lost(int bytes)
    {
    }

    /// <summary>Takes the next bytes, cut anywhere, and hands every frame that they complete to the sink.</summary>
    void Decode(ReadOnlySpan<byte> bytes, IFrameSink sink);
}
