using EcgFm.Core;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Configuration;

/// <summary>The configuration of commands that watch one bed without a file.</summary>
internal static class AdHocConfiguration
{
    /// <summary>The bed's name.</summary>
    public const string Bed = "bed-1";

    /// <summary>One bed on this machine, its outbox in memory.</summary>
    public static EdgeConfiguration For(SourceConfiguration source, string model, BrokerAddress? broker)
    {
        var device = Environment.MachineName;
        return new()
        {
            Topics = new TelemetryTopics("ecgfm/v1", "demo", TelemetryTopics.IsLevel(device) ? device : "box"),
            Broker = broker is null ? null : new BrokerOptions { Address = broker, ClientId = $"ecgfm-{Guid.NewGuid():N}" },
            ModelPath = model,
            WithVitals = broker is not null,
            // As fast as possible is more than anybody can look at.
            WithWave = broker is not null && source is SourceConfiguration.Simulator { Speed.IsMax: false } or SourceConfiguration.Record { Speed.IsMax: false },
            Beds = [new BedConfiguration(Bed, EcgWindow.Duration, source)],
        };
    }
}
