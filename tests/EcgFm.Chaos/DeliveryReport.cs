namespace EcgFm.Chaos;

/// <summary>What was announced and what arrived.</summary>
/// <param name="Seed">Which moments it were.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="BrokerKills">How often the broker was killed.</param>
/// <param name="DaemonKills">How often the daemon was killed.</param>
/// <param name="Cuts">How often the line was cut.</param>
/// <param name="Silences">How often the line fell silent.</param>
/// <param name="Announced">Alert steps announced in the log of the daemon.</param>
/// <param name="Arrived">Different alert steps that arrived.</param>
/// <param name="Duplicates">Steps that arrived once more.</param>
/// <param name="Missing">Announced steps that never arrived.</param>
/// <param name="OutOfOrder">Beds whose steps came first in another order than they were announced in.</param>
/// <param name="Different">Steps that arrived twice with the same id and sequence and told different things.</param>
internal sealed record DeliveryReport(
    int Seed,
    TimeSpan Elapsed,
    int BrokerKills,
    int DaemonKills,
    int Cuts,
    int Silences,
    int Announced,
    int Arrived,
    int Duplicates,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> OutOfOrder,
    IReadOnlyList<string> Different)
{
    /// <summary>Whether the promise was kept.</summary>
    public bool Holds => Announced > 0 && Missing.Count == 0 && OutOfOrder.Count == 0 && Different.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => $"""
        {Elapsed.TotalSeconds:0} s, seed {Seed}: broker killed {BrokerKills} times, daemon killed {DaemonKills} times, line cut {Cuts} times, line silent {Silences} times
        alert steps announced {Announced}, arrived {Arrived}, missing {Missing.Count}, duplicates {Duplicates}, duplicates that differ {Different.Count}, beds out of order {OutOfOrder.Count}
        {(Holds ? "holds" : "DOES NOT HOLD: " + string.Join("; ", [.. Missing.Take(10), .. OutOfOrder, .. Different.Take(10)]))}
        """;
}
