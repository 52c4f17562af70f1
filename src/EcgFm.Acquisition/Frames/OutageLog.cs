using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Frames;

/// <summary>One line of log for each outage of a line: a bad line damages tens of frames a second.</summary>
/// <param name="name">What the bytes come from.</param>
/// <param name="log">Gets the lines.</param>
internal sealed class OutageLog(string name, ILogger? log)
{
    /// <summary>So many good frames in a row end an outage.</summary>
    private const int GoodFramesThatEndAnOutage = 100;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private int _goodInARow = GoodFramesThatEndAnOutage;

    public void Good()
    {
        if (_goodInARow < GoodFramesThatEndAnOutage) _goodInARow++;
    }

    public void Bad()
    {
        if (_goodInARow >= GoodFramesThatEndAnOutage) _log.LogWarning("{Name}: damaged frames on the line are skipped.", name);
        _goodInARow = 0;
    }
}
