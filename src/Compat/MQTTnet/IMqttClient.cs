using MQTTnet.Diagnostics.PacketInspection;

namespace MQTTnet;

/// <summary>A connection to an MQTT server. Thread-safe; it never reconnects and never resends by itself.</summary>
public interface IMqttClient : IDisposable
{
    /// <summary>A message arrived. Handlers run one after the other, off the network thread.</summary>
    event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync;

    /// <summary>A connection was accepted; awaited by <see cref="ConnectAsync"/>.</summary>
    event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync;

    /// <summary>A connection is about to be tried; awaited by <see cref="ConnectAsync"/>.</summary>
    event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync;

    /// <summary>A connection ended, or could not be made. Runs on its own; connecting again from it is allowed.</summary>
    event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync;

    /// <summary>Packets on the wire; libmosquitto does not show them.</summary>
    /// <exception cref="NotSupportedException">Always, when a handler is added.</exception>
    event Func<InspectMqttPacketEventArgs, Task> InspectPacketAsync;

    /// <summary>Whether there is a connection.</summary>
    bool IsConnected { get; }

    /// <summary>The options of the last <see cref="ConnectAsync"/>.</summary>
    MqttClientOptions? Options { get; }

    /// <summary>Connects. A refusal is returned, not thrown.</summary>
    /// <exception cref="Exceptions.MqttCommunicationException">The server cannot be reached or does not answer; also when cancelled while waiting for its answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or <see cref="MqttClientOptions.Timeout"/> passed, before the server was reached.</exception>
    Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default);

    /// <summary>Sends DISCONNECT and closes; nothing happens when there is no connection.</summary>
    Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default);

    /// <summary>Completes when the server has answered a round trip.</summary>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>Publishes; completes when sent (quality of service 0), on PUBACK (1) or on PUBCOMP (2).</summary>
    /// <exception cref="Exceptions.MqttClientNotConnectedException">There is no connection.</exception>
    /// <exception cref="Exceptions.MqttCommunicationException">The connection ended before the server answered; it may or may not have the message.</exception>
    /// <exception cref="Exceptions.MqttCommunicationTimedOutException">Cancelled while waiting.</exception>
    Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default);

    /// <summary>Enhanced authentication; libmosquitto does not offer it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default);

    /// <summary>Subscribes; completes on SUBACK.</summary>
    Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default);

    /// <summary>Unsubscribes; completes on UNSUBACK.</summary>
    Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default);
}
