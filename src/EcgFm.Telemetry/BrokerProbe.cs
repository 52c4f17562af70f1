using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet;

namespace EcgFm.Telemetry;

/// <summary>Asks a broker whether it would let this device in.</summary>
public static class BrokerProbe
{
    /// <summary>Connects with the daemon's own options but another client identifier, so that a daemon that is connected stays so, and leaves again.</summary>
    /// <param name="options">How to reach the broker.</param>
    /// <param name="status">The status that the daemon would leave behind: a broker may refuse a client for its will alone.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <returns>Null when the broker said yes, else why not; and whether it was the broker that said no, and not the way to it.</returns>
    public static async Task<(string? Fault, bool Refused)> AskAsync(BrokerOptions options, RetainedStatus status, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var client = new MqttClientFactory().CreateMqttClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Timeout);
        try
        {
            var answer = await client.ConnectAsync(BrokerClientOptions.From(options with { ClientId = options.ClientId + "-doctor" }, status), patience.Token).ConfigureAwait(false);
            if (answer.ResultCode != MqttClientConnectResultCode.Success) return ($"it answers {answer.ResultCode}", true);
            await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), patience.Token).ConfigureAwait(false);
            return (null, false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ($"no answer within {options.Timeout.TotalSeconds:0} s", false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or MQTTnet.Exceptions.MqttCommunicationException)
        {
            return (fault.GetBaseException().Message.TrimEnd('.'), false);
        }
    }
}
