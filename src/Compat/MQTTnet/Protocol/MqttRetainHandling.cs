namespace MQTTnet.Protocol;

/// <summary>When retained messages are sent for a new subscription (MQTT 5).</summary>
public enum MqttRetainHandling
{
    /// <summary>At every subscribe.</summary>
    SendAtSubscribe = 0,

    /// <summary>Only when the subscription did not exist.</summary>
    SendAtSubscribeIfNewSubscriptionOnly = 1,

    /// <summary>Never.</summary>
    DoNotSendOnSubscribe = 2
}
