using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>How a client connects.</summary>
public sealed class MqttClientOptions
{
    /// <summary>How to reach the server.</summary>
    public IMqttClientChannelOptions? ChannelOptions { get; set; }

    /// <summary>Whether the server forgets an earlier session first.</summary>
    public bool CleanSession { get; set; } = true;

    /// <summary>The client's identifier; empty: the server chooses one.</summary>
    public string ClientId { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>User name and password.</summary>
    public IMqttClientCredentialsProvider? Credentials { get; set; }

    /// <summary>After how long without traffic the link is probed. Whole seconds; libmosquitto raises less than 5 s to 5 s; zero: never.</summary>
    public TimeSpan KeepAlivePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest packet the client takes, in bytes; 0: any (MQTT 5).</summary>
    public uint MaximumPacketSize { get; set; }

    /// <summary>The version of the protocol.</summary>
    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V500;

    /// <summary>How many unacknowledged messages the client takes at once; 0: 65535 (MQTT 5).</summary>
    public ushort ReceiveMaximum { get; set; }

    /// <summary>Whether the server may explain failures (MQTT 5).</summary>
    public bool RequestProblemInformation { get; set; } = true;

    /// <summary>Whether the server is to suggest response topics (MQTT 5).</summary>
    public bool RequestResponseInformation { get; set; }

    /// <summary>How long the server keeps the session after the end, in seconds (MQTT 5).</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>How long to wait for the server where the caller gave no cancellation token.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Name and value pairs for the server (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }

    /// <summary>Whether MQTT 5 features in an older version are an error rather than ignored.</summary>
    public bool ValidateFeatures { get; set; } = true;

    /// <summary>The will's kind of payload (MQTT 5).</summary>
    public string? WillContentType { get; set; }

    /// <summary>The will's correlation data (MQTT 5).</summary>
    public byte[]? WillCorrelationData { get; set; }

    /// <summary>How long the server waits before it publishes the will, in seconds (MQTT 5).</summary>
    public uint WillDelayInterval { get; set; }

    /// <summary>How long the server may keep the will, in seconds; 0: for ever (MQTT 5).</summary>
    public uint WillMessageExpiryInterval { get; set; }

    /// <summary>The will's content.</summary>
    public byte[]? WillPayload { get; set; }

    /// <summary>Whether the will's payload is text (MQTT 5).</summary>
    public MqttPayloadFormatIndicator WillPayloadFormatIndicator { get; set; }

    /// <summary>How hard the will is to be delivered.</summary>
    public MqttQualityOfServiceLevel WillQualityOfServiceLevel { get; set; }

    /// <summary>The will's response topic (MQTT 5).</summary>
    public string? WillResponseTopic { get; set; }

    /// <summary>Whether the server keeps the will for later subscribers.</summary>
    public bool WillRetain { get; set; }

    /// <summary>Where the server publishes when the client ends without DISCONNECT; null: nowhere.</summary>
    public string? WillTopic { get; set; }

    /// <summary>The will's name and value pairs (MQTT 5).</summary>
    public List<MqttUserProperty>? WillUserProperties { get; set; }
}
