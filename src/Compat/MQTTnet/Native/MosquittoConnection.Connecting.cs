using MQTTnet.Adapter;

namespace MQTTnet.Native;

/// <content>The asynchronous side: starting, and waiting for the server's answer.</content>
internal sealed partial class MosquittoConnection
{
    /// <summary>Resolves the server's name and starts connecting.</summary>
    public static async Task<MosquittoConnection> StartAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var channel = options.ChannelOptions as MqttClientTcpOptions
            ?? throw new NotSupportedException("libmosquitto connects over TCP only.");
        TlsMaterial.ThrowIfNotSupported(channel.TlsOptions);
        LibMosquitto.EnsureAvailable();

        var targets = await ConnectTarget.ResolveAsync(channel, cancellationToken).ConfigureAwait(false);
        var connection = new MosquittoConnection(options, channel, targets);
        new Thread(connection.Run, ThreadStackSize) { IsBackground = true, Name = "MQTT network" }.Start();
        return connection;
    }

    /// <summary>Waits for the server's answer to CONNECT; gives up, and closes, when cancelled.</summary>
    public async Task<MqttClientConnectResult> WaitForAnswerAsync(CancellationToken cancellationToken)
    {
        ConnectOutcome outcome;
        try
        {
            outcome = await connected.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            Abort();
            if (!reached)
                throw;

            throw new MqttConnectingFailedException("Error while authenticating. The server did not answer in time.", cancelled);
        }

        return outcome.Result ?? throw outcome.Failure!;
    }
}
