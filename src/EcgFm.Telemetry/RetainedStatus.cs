using System.Text.Json;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Telemetry;

/// <summary>The three payloads of the status topic.</summary>
public sealed class RetainedStatus
{
    private volatile PayloadSet _payloads;

    /// <param name="topic">The status topic.</param>
    /// <param name="status">What the daemon says of itself.</param>
    public RetainedStatus(string topic, StatusMessage status)
    {
        Topic = topic;
        _payloads = Payloads(status);
    }

    /// <summary>The status topic.</summary>
    public string Topic { get; }

    /// <summary>Published on every connect.</summary>
    public byte[] Online => _payloads.Online;

    /// <summary>Published when somebody stops the daemon.</summary>
    public byte[] Stopped => _payloads.Stopped;

    /// <summary>The last will.</summary>
    public byte[] Offline => _payloads.Offline;

    /// <summary>From now on it says this; a will that the broker has already stays as it was until the next connection.</summary>
    internal void Renew(StatusMessage status) => _payloads = Payloads(status);

    private static PayloadSet Payloads(StatusMessage status) => new(
        Payload(status with { State = DeviceState.Online }),
        Payload(status with { State = DeviceState.Stopped }),
        Payload(status with { State = DeviceState.Offline }));

    private static byte[] Payload(StatusMessage status) => JsonSerializer.SerializeToUtf8Bytes(status, TelemetryJson.Default.StatusMessage);

    private sealed record PayloadSet(byte[] Online, byte[] Stopped, byte[] Offline);
}
