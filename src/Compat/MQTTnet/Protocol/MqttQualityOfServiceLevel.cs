namespace MQTTnet.Protocol;

/// <summary>How hard a message is to be delivered.</summary>
public enum MqttQualityOfServiceLevel
{
    /// <summary>Sent once, never acknowledged.</summary>
    AtMostOnce = 0,

    /// <summary>Acknowledged with PUBACK; may arrive more than once.</summary>
    AtLeastOnce = 1,

    /// <summary>Acknowledged with PUBREC, PUBREL and PUBCOMP; arrives once.</summary>
    ExactlyOnce = 2
}
