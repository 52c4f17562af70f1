namespace EcgFm.Telemetry;

/// <summary>How to reach the broker.</summary>
public sealed record BrokerOptions
{
    /// <summary>Where it is.</summary>
    public required BrokerAddress Address { get; init; }

    /// <summary>The MQTT client identifier, stable over restarts so that the broker takes an old session over.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user, where the broker asks for one.</summary>
    public string? UserName { get; init; }

    /// <summary>The password; it comes from a file, never from the command line.</summary>
    public string? Password { get; init; }

    /// <summary>A PEM file with the certificates to trust, instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long the link may be silent before the client asks the broker for a sign of life.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer of the broker may take before the link counts as dead.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before connecting again; it doubles with every failure.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause before connecting again.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);
}
