using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <content>What libmosquitto calls, always on the network thread. No exception may pass into C.</content>
internal sealed unsafe partial class MosquittoConnection
{
    private void SetCallbacks()
    {
        LibMosquitto.mosquitto_connect_v5_callback_set(Handle, &OnConnect);
        LibMosquitto.mosquitto_disconnect_v5_callback_set(Handle, &OnDisconnect);
        LibMosquitto.mosquitto_publish_v5_callback_set(Handle, &OnPublish);
        LibMosquitto.mosquitto_message_v5_callback_set(Handle, &OnMessage);
        LibMosquitto.mosquitto_subscribe_v5_callback_set(Handle, &OnSubscribe);
        LibMosquitto.mosquitto_unsubscribe_v5_callback_set(Handle, &OnUnsubscribe);
        LibMosquitto.mosquitto_log_callback_set(Handle, &OnLog);
    }

    private static MosquittoConnection From(nint context) => (MosquittoConnection)GCHandle.FromIntPtr(context).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnConnect(nint handle, nint context, int code, int flags, nint properties)
    {
        var connection = From(context);
        try
        {
            var result = connection.CreateResult(code, (flags & 1) != 0, new PropertyReader(properties));
            _ = connection.connected.TrySetResult(new ConnectOutcome(result, null));
            if (result.ResultCode != MqttClientConnectResultCode.Success)
                connection.end = new ConnectionEnd(MqttClientDisconnectReason.NormalDisconnection);
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDisconnect(nint handle, nint context, int code, nint properties)
    {
        var connection = From(context);
        try
        {
            const int LowestReasonCode = 128;
            if (connection.end is not null)
                return;

            if (code >= LowestReasonCode || (code == LibMosquitto.Success && !connection.disconnecting))
            {
                var reader = new PropertyReader(properties);
                connection.end = new ConnectionEnd(
                    (MqttClientDisconnectReason)code, reader.String(PropertyId.ReasonString), reader.UserProperties(), ByServer: true);
            }
            else if (connection.disconnecting)
            {
                connection.end = new ConnectionEnd(MqttClientDisconnectReason.NormalDisconnection);
            }
            else
            {
                connection.End(code, Marshal.GetLastSystemError());
            }
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPublish(nint handle, nint context, int id, int code, nint properties)
    {
        var connection = From(context);
        try
        {
            if (connection.beingSent is { } current && *connection.beingSentId == id)
            {
                connection.beingSent = null;
                current.Complete(id, code, new PropertyReader(properties));
            }
            else if (connection.ignoredIds.Count > 0 && connection.ignoredIds.Remove(id))
            {
                // Nobody waits for this one any more.
            }
            else if (connection.unanswered.Remove(id, out var operation))
            {
                ((PublishOperation)operation).Complete(id, code, new PropertyReader(properties));
            }
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnSubscribe(nint handle, nint context, int id, int count, int* granted, nint properties)
    {
        var connection = From(context);
        try
        {
            if (connection.unanswered.Remove(id, out var operation))
                ((SubscribeOperation)operation).Complete(id, new ReadOnlySpan<int>(granted, count), new PropertyReader(properties));
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnUnsubscribe(nint handle, nint context, int id, nint properties)
    {
        var connection = From(context);
        try
        {
            if (connection.unanswered.Remove(id, out var operation))
                ((UnsubscribeOperation)operation).Complete(id, new PropertyReader(properties));
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(nint handle, nint context, LibMosquitto.Message* message, nint properties)
    {
        var connection = From(context);
        try
        {
            var received = Convert(message, new PropertyReader(properties));
            _ = connection.messages.Writer.TryWrite(
                new MqttApplicationMessageReceivedEventArgs(connection.options.ClientId, received, (ushort)message->Id));
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(nint handle, nint context, int level, nint text)
    {
        const int KeptErrors = 4;
        var connection = From(context);
        try
        {
            // The only place where libmosquitto says what was wrong with a certificate.
            if (level != LibMosquitto.LogError || Marshal.PtrToStringUTF8(text) is not { } error)
                return;

            connection.errors.Enqueue(error);
            if (connection.errors.Count > KeptErrors)
                _ = connection.errors.Dequeue();
        }
        catch (Exception failure)
        {
            connection.callbackFailure = failure;
        }
    }

    private static MqttApplicationMessage Convert(LibMosquitto.Message* message, PropertyReader properties) => new()
    {
        Topic = Marshal.PtrToStringUTF8(message->Topic) ?? string.Empty,
        Payload = message->PayloadLength == 0
            ? default
            : new ReadOnlySequence<byte>(new ReadOnlySpan<byte>((void*)message->Payload, message->PayloadLength).ToArray()),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)message->Qos,
        Retain = message->Retain != 0,
        PayloadFormatIndicator = (MqttPayloadFormatIndicator)(properties.Byte(PropertyId.PayloadFormatIndicator) ?? 0),
        MessageExpiryInterval = properties.Int32(PropertyId.MessageExpiryInterval) ?? 0,
        ContentType = properties.String(PropertyId.ContentType),
        ResponseTopic = properties.String(PropertyId.ResponseTopic),
        CorrelationData = properties.Binary(PropertyId.CorrelationData),
        SubscriptionIdentifiers = properties.SubscriptionIdentifiers(),
        UserProperties = properties.UserProperties(),
    };

    private MqttClientConnectResult CreateResult(int code, bool sessionPresent, PropertyReader properties) => new()
    {
        ResultCode = HasProperties ? (MqttClientConnectResultCode)code : FromReturnCode(code),
        IsSessionPresent = sessionPresent,
        AssignedClientIdentifier = properties.String(PropertyId.AssignedClientIdentifier),
        MaximumPacketSize = properties.Int32(PropertyId.MaximumPacketSize),
        MaximumQoS = (MqttQualityOfServiceLevel)(properties.Byte(PropertyId.MaximumQoS) ?? (byte)MqttQualityOfServiceLevel.ExactlyOnce),
        ReasonString = properties.String(PropertyId.ReasonString),
        ReceiveMaximum = properties.Int16(PropertyId.ReceiveMaximum),
        ResponseInformation = properties.String(PropertyId.ResponseInformation),
        RetainAvailable = properties.Byte(PropertyId.RetainAvailable) != 0,
        ServerKeepAlive = properties.Int16(PropertyId.ServerKeepAlive) ?? 0,
        ServerReference = properties.String(PropertyId.ServerReference),
        SessionExpiryInterval = properties.Int32(PropertyId.SessionExpiryInterval),
        SharedSubscriptionAvailable = HasProperties && properties.Byte(PropertyId.SharedSubscriptionAvailable) != 0,
        SubscriptionIdentifiersAvailable = HasProperties && properties.Byte(PropertyId.SubscriptionIdentifiersAvailable) != 0,
        TopicAliasMaximum = properties.Int16(PropertyId.TopicAliasMaximum) ?? 0,
        UserProperties = properties.UserProperties(),
        WildcardSubscriptionAvailable = properties.Byte(PropertyId.WildcardSubscriptionAvailable) != 0,
    };

    /// <summary>MQTT 3.1.1, table 3.1, in the words of MQTT 5.</summary>
    private static MqttClientConnectResultCode FromReturnCode(int code) => code switch
    {
        0 => MqttClientConnectResultCode.Success,
        1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
        2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
        3 => MqttClientConnectResultCode.ServerUnavailable,
        4 => MqttClientConnectResultCode.BadUserNameOrPassword,
        5 => MqttClientConnectResultCode.NotAuthorized,
        _ => MqttClientConnectResultCode.UnspecifiedError,
    };
}
