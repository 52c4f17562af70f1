namespace EcgFm.Testing;

/// <summary>What a <see cref="MosquittoBroker"/> is started with. The default takes anybody, without TLS, and forgets everything when it stops.</summary>
public sealed record MosquittoBrokerOptions
{
    /// <summary>Users and their passwords; when there are any, nobody else is let in.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>The server's certificate; null: no TLS.</summary>
    public TestCertificates? Tls { get; init; }

    /// <summary>Whether clients must show a certificate of the same authority.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Whether sessions, queued and retained messages survive a stop (written to disk on each change).</summary>
    public bool Persistence { get; init; }

    /// <summary>Whether it has a listener for browsers too, without TLS.</summary>
    public bool WebSockets { get; init; }

    /// <summary>Further lines of mosquitto.conf, after those of the listener.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>All lines of mosquitto.conf instead of the above, for the folder and the port.</summary>
    public Func<string, int, IReadOnlyList<string>>? Whole { get; init; }
}
