using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>One step of MQTT 5's enhanced authentication.</summary>
public class MqttEnhancedAuthenticationExchangeData
{
    /// <summary>The data of this step.</summary>
    public byte[]? AuthenticationData { get; set; }

    /// <summary>What this step is.</summary>
    public MqttAuthenticateReasonCode ReasonCode { get; set; }

    /// <summary>An explanation.</summary>
    public string? ReasonString { get; set; }

    /// <summary>Name and value pairs.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
