using MQTTnet.Exceptions;

namespace MQTTnet.Native;

/// <summary>A request with one answer, found by its packet identifier.</summary>
internal abstract class AcknowledgedOperation<TResult> : Operation<TResult>
{
    public override unsafe void Start(MosquittoConnection connection)
    {
        int messageId;
        var code = Send(connection.Handle, &messageId, connection.HasProperties);
        if (code == LibMosquitto.Success)
            connection.Await(messageId, this);
        else if (MosquittoError.IsLoss(code))
            connection.Strand(this);
        else
            Fail(new MqttCommunicationException($"The request was not sent: {LibMosquitto.Describe(code)}"));
    }

    protected abstract unsafe int Send(nint handle, int* messageId, bool withProperties);
}
