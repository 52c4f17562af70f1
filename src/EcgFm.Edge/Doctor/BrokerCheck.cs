using EcgFm.Edge.Configuration;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Doctor;

/// <summary>The broker: reached, and letting this device in.</summary>
/// <param name="configuration">The configuration.</param>
internal sealed class BrokerCheck(EdgeConfiguration configuration) : Check("broker")
{
    public override async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop)
    {
        if (configuration.Broker is not { } broker) return [Problem("no broker is configured: nobody hears an alert")];
        var status = new RetainedStatus(configuration.Topics.Status, new StatusMessage(DeviceState.Online, Guid.Empty, Daemon.Version, [], DateTimeOffset.UnixEpoch));
        try
        {
            var (fault, refused) = await BrokerProbe.AskAsync(broker, status, stop).ConfigureAwait(false);
            return fault is null
                ? [Ok($"{broker.Address} lets {broker.UserName ?? "this device"} in{(broker.Address.Tls ? ", over TLS" : "")}")]
                : [Problem($"{broker.Address}: {fault}", refused ? "check mqtt:userName, the password file and the broker's access list" : Cure(broker))];
        }
        catch (Exception fault) when (fault is TypeInitializationException or DllNotFoundException)
        {
            // What is missing is said where the libraries are looked at.
            return [Problem($"{broker.Address} cannot be asked: {fault.GetBaseException().Message}")];
        }
    }

    private static string Cure(BrokerOptions broker) => broker.Address switch
    {
        { IsLoopback: true } => "sudo systemctl start mosquitto",
        { Tls: true } => $"openssl s_client -connect {broker.Address.Host}:{broker.Address.Port} -showcerts",
        _ => $"nc -vz {broker.Address.Host} {broker.Address.Port}",
    };
}
