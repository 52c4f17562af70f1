namespace MQTTnet.Native;

/// <summary>How a connection attempt ended: with the server's answer, or with a failure.</summary>
internal readonly record struct ConnectOutcome(MqttClientConnectResult? Result, Exception? Failure);
