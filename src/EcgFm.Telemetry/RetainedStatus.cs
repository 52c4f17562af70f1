using System.Text.Json;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Telemetry;

/// <summary>The three payloads of the status topic.</summary>
public sealed class RetainedStatus
{
    /// <param name="topic">The status topic.</param>
    /// <param name="status">What the daemon says of itself.</param>
    public RetainedStatus(string topic, StatusMessage status)
    {
        Topic = topic;
        Online = Payload(status with { State = DeviceState.Online });
        Stopped = Payload(status with { State = DeviceState.Stopped });
        Offline = Payload(status with { State = DeviceState.Offline });
    }

    /// <summary>The status topic.</summary>
    public string Topic { get; }

    /// <summary>Published on every connect.</summary>
    public byte[] Online { get; }

    /// <summary>Published when somebody stops the daemon.</summary>
    public byte[] Stopped { get; }

    /// <summary>The last will.</summary>
    public byte[] Offline { get; }

    private static byte[] Payload(StatusMessage status) => JsonSerializer.SerializeToUtf8Bytes(status, TelemetryJson.Default.StatusMessage);
}
