using EcgFm.Telemetry.Outbox;

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

    /// <summary>A PEM file with the client's certificate, and its intermediates.</summary>
    public string? CertFile { get; init; }

    /// <summary>A PEM file with the certificate's private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The MQTT keep-alive. The broker says that this device is offline after one and a half of it; this device asks the broker for a sign of life twice in it.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer of the broker may take before the link counts as dead: a half-open link is noticed within half a keep-alive and this, and what a narrow one needs for all that is under way.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What was acknowledged so shortly before the link broke is sent again after it: the time in which a broker must have written what it acknowledged.</summary>
    public TimeSpan Resend { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much waits for the broker.</summary>
    public OutboxLimits Outbox { get; init; } = OutboxLimits.Default;

    /// <summary>The first pause before connecting again; it doubles with every failure.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause before connecting again.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);
}
