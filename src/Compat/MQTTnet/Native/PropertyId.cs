namespace MQTTnet.Native;

/// <summary>Property identifiers of MQTT 5, section 2.2.2.2.</summary>
internal static class PropertyId
{
    public const int PayloadFormatIndicator = 1;
    public const int MessageExpiryInterval = 2;
    public const int ContentType = 3;
    public const int ResponseTopic = 8;
    public const int CorrelationData = 9;
    public const int SubscriptionIdentifier = 11;
    public const int SessionExpiryInterval = 17;
    public const int AssignedClientIdentifier = 18;
    public const int ServerKeepAlive = 19;
    public const int RequestProblemInformation = 23;
    public const int WillDelayInterval = 24;
    public const int RequestResponseInformation = 25;
    public const int ResponseInformation = 26;
    public const int ServerReference = 28;
    public const int ReasonString = 31;
    public const int ReceiveMaximum = 33;
    public const int TopicAliasMaximum = 34;
    public const int TopicAlias = 35;
    public const int MaximumQoS = 36;
    public const int RetainAvailable = 37;
    public const int UserProperty = 38;
    public const int MaximumPacketSize = 39;
    public const int WildcardSubscriptionAvailable = 40;
    public const int SubscriptionIdentifiersAvailable = 41;
    public const int SharedSubscriptionAvailable = 42;
}
