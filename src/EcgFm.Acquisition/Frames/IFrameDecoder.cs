namespace EcgFm.Acquisition.Frames;

/// <summary>Finds the frames of one kind of device in its bytes. Not thread-safe; a new connection takes a new decoder.</summary>
public interface IFrameDecoder
{
    /// <summary>What it has seen so far.</summary>
    FrameCounts Counts { get; }

    /// <summary>Takes the next bytes, cut anywhere, and hands every frame that they complete to the sink.</summary>
    void Decode(ReadOnlySpan<byte> bytes, IFrameSink sink);
}
