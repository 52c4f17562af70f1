namespace EcgFm.Acquisition.Frames;

/// <summary>Takes what a decoder finds, in the order of the line.</summary>
public interface IFrameSink
{
    /// <summary>The device said what its samples are. Called before the first samples, and again only when something in it changed.</summary>
    void OnFormat(StreamFormat format);

    /// <summary>A valid frame of samples. The frame's memory is reused after the call.</summary>
    void OnSamples(in SampleFrame frame);
}
