using System.Text.Json;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Checks all chains and all rows that they speak of, within one snapshot of the database.</summary>
/// <param name="upgrade">How long after the first chain began programs that keep no evidence may have written; after the first chain of a key, those without it.</param>
internal sealed class EvidenceVerifier(TimeSpan upgrade, EvidenceKeys keys)
{
    private readonly EvidenceFindings _findings = new();
    private readonly KeyCheck _keys = new(keys);
    private readonly RecordedRows _recorded = new();
    private readonly RowsAtOpening _atOpening = new();
    private readonly List<ChainWalk> _chains = [];
    private readonly HashSet<EvidenceHead> _named = [];
    private readonly List<EvidenceHead> _pruned = [];
    private readonly Dictionary<EvidenceHead, string> _namedBy = [];
    private long _prunedBefore;

    public async Task<EvidenceCheck> RunAsync(DbSession db, IReadOnlyList<EvidenceHead> seen, DateTimeOffset? upgraded)
    {
        await EvidenceLog.EachAsync(db, keys, OnEntry);
        var stored = (await EvidenceHeads.StoredAsync(db, TimeSpan.MaxValue)).ToDictionary(head => head.Chain);
        foreach (var walk in _chains)
        {
            walk.End(stored.GetValueOrDefault(walk.Chain), _pruned.Where(last => last.Chain == walk.Chain));
        }

        var read = _chains.Select(walk => walk.Chain).ToHashSet();
        foreach (var head in stored.Values.Where(head => !read.Contains(head.Chain)))
        {
            _findings.Add(EvidenceProblems.EntryMissing, head.Chain, 1, null, null, $"all entries of the chain up to {head.Sequence} are missing");
        }

        await CheckNamedAsync(db, seen);
        var oldest = _chains.Select(walk => walk.First!).MinBy(first => first.At);
        DateTimeOffset? began = oldest?.At;

        // Where there is no entry, nothing is known of any row.
        var settled = Math.Max((upgraded ?? (began is null || began > DateTimeOffset.MaxValue - upgrade ? DateTimeOffset.MaxValue : began.Value + upgrade)).UtcTicks, _prunedBefore);
        var rows = new RowCheck(_recorded, _findings, settled, began?.UtcTicks ?? 0);
        await rows.RunAsync(db);
        var events = new EventCheck(_recorded, _findings, settled, began?.UtcTicks ?? 0);
        await events.RunAsync(db);
        var (compared, before) = (Counts(rows.Compared, events.Compared, events.ComparedCalls), Counts(rows.Before, events.Before, events.CallsBefore));
        if (oldest is not null)
        {
            _atOpening.Check(oldest, rows.Old.Concat(events.Old), _findings);
        }

        await _keys.RunAsync(db, _findings, upgrade, hasRows: before.Count > 0);
        if (_chains.Count == 0 && before.Count > 0 && _findings.Count == 0)
        {
            _findings.Add(
                EvidenceProblems.EntryMissing, null, null, null, null,
                $"there is no entry at all, and {before.Values.Sum()} rows in the tables that entries record: the evidence was removed, or no program that keeps it has written yet");
        }

        return new EvidenceCheck(
            [.. _chains.Select(walk => new CheckedChain(new EvidenceHead(walk.Chain, walk.Last!.Sequence, walk.Last.Hash), walk.First!.Sequence, walk.First.At, walk.Last.At))],
            _chains.Sum(walk => walk.Count),
            began,
            _prunedBefore == 0 ? null : new DateTimeOffset(_prunedBefore, TimeSpan.Zero),
            compared,
            before,
            _findings.Kept,
            _findings.Count);
    }

    private static Dictionary<string, long> Counts(Dictionary<string, long> rows, long events, long calls)
    {
        var all = new Dictionary<string, long>(rows) { [RowsAtOpening.Events] = events, [EvidenceTable.AuditLog.Name] = calls };
        return all.Where(count => count.Value > 0).ToDictionary();
    }

    private void OnEntry(EvidenceEntry entry)
    {
        if (_chains.Count == 0 || _chains[^1].Chain != entry.Chain)
        {
            _chains.Add(new ChainWalk(entry.Chain, _findings));
        }

        _chains[^1].Next(entry);
        _keys.Next(entry);
        try
        {
            using var document = JsonDocument.Parse(entry.Document);
            _recorded.Add(entry, document.RootElement);
            _atOpening.Next(entry, document.RootElement);
            AddNamed(entry, document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or NullReferenceException or IndexOutOfRangeException)
        {
            if (entry.IsSound)
            {
                _findings.Add(EvidenceProblems.EntryEdited, entry.Chain, entry.Sequence, null, entry.Subject, $"the entry's document cannot be read: {unreadable.Message}");
            }
        }
    }

    private void AddNamed(EvidenceEntry entry, JsonElement root)
    {
        switch (entry.Kind)
        {
            case EvidenceKinds.Opened or EvidenceKinds.Heads:
                foreach (var head in root.GetProperty("heads").EnumerateArray().Select(text => EvidenceHead.Parse(text.GetString()!)).OfType<EvidenceHead>())
                {
                    _named.Add(head);
                    _keys.OnNamed(entry, head);
                    _namedBy.TryAdd(head, FormattableString.Invariant($"entry {entry.Chain}:{entry.Sequence} names"));
                }

                break;
            case EvidenceKinds.Pruned when root.TryGetProperty("through", out var through):
                var last = EvidenceHead.Parse(through.GetString()!)!;
                _pruned.Add(last);
                _keys.OnPruned(entry, last);
                _prunedBefore = Math.Max(_prunedBefore, root.GetProperty("before").GetInt64());
                break;
        }
    }

    /// <summary>The chains still contain the heads that were published, and those that entries name.</summary>
    private async Task CheckNamedAsync(DbSession db, IReadOnlyList<EvidenceHead> seen)
    {
        _named.UnionWith(seen);
        var chains = _chains.ToDictionary(walk => walk.Chain);
        foreach (var head in _named)
        {
            // What retention removed cannot be looked for; the first entry that stays names the last one removed.
            if (chains.GetValueOrDefault(head.Chain)?.First is { } first && head.Sequence < first.Sequence && _pruned.Exists(last => last.Chain == head.Chain && last.Sequence >= head.Sequence))
            {
                continue;
            }

            var hashes = await db.ListAsync("SELECT hash FROM evidence WHERE chain = @Chain AND sequence = @Sequence", row => row.Text(0), new { head.Chain, head.Sequence });
            if (hashes.Count == 0 || hashes[0] != head.Hash)
            {
                _findings.Add(
                    EvidenceProblems.HeadLost, head.Chain, head.Sequence, null, null,
                    $"{_namedBy.GetValueOrDefault(head, "the published head is")} {head}, and {(hashes.Count == 0 ? "there is no such entry" : $"the entry there has the hash {hashes[0]}")}");
            }
        }
    }
}
