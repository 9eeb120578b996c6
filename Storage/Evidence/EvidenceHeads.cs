using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>The heads of the chains that this process writes, as of their last commits, and their metrics.</summary>
internal sealed class EvidenceHeads
{
    private readonly ConcurrentDictionary<string, EvidenceHead> _heads = new(StringComparer.Ordinal);
    private readonly Counter<long> _entries;

    public EvidenceHeads(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _entries = meter.CreateCounter<long>("evidence_entries_total", description: "Entries appended to the chains of evidence of this process");
        meter.CreateObservableGauge(
            "evidence_head_sequence",
            () => _heads.Values.Select(head => new Measurement<long>(head.Sequence, new KeyValuePair<string, object?>("chain", head.Chain))),
            description: "Sequence of the newest entry of each chain of evidence that this process writes");
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<EvidenceHead> Now => [.. _heads.Values.OrderBy(head => head.Chain, StringComparer.Ordinal)];

    public void Moved(EvidenceHead head, IReadOnlyList<EvidenceDraft> appended)
    {
        _heads[head.Chain] = head;
        foreach (var kind in appended.CountBy(draft => draft.Kind))
        {
            _entries.Add(kind.Value, new KeyValuePair<string, object?>("kind", kind.Key));
        }
    }

    /// <summary>The heads of all chains that moved within a time before the newest of them.</summary>
    public static async Task<List<EvidenceHead>> StoredAsync(DbSession db, TimeSpan within) => await db.ListAsync(
        """
        SELECT chain, sequence, hash FROM evidence_heads
        WHERE at >= (SELECT coalesce(max(at), 0) FROM evidence_heads) - @Within ORDER BY chain
        """,
        row => new EvidenceHead(row.Text(0), row.GetInt64(1), row.Text(2)),
        new { Within = within.Ticks });
}
