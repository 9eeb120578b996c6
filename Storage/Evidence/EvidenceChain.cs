using System.Globalization;
using System.Text;
using Dapper;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>
/// One chain of evidence and its one writer. Entries are appended at the end of the transaction that writes what they record, so that both are there or
/// neither. The head is read in each transaction: what a lost transaction would have made of it is never relied upon.
/// </summary>
/// <param name="writer">No other writer that is running has this name.</param>
/// <param name="keys">The chain has the current one.</param>
internal sealed class EvidenceChain(string writer, SqlDialect dialect, EvidenceHeads heads, EvidenceKeys keys, TimeProvider time)
{
    /// <summary>A chain that was silent for longer when the newest entry was written is named in an entry by then.</summary>
    private static readonly TimeSpan s_heardOf = TimeSpan.FromDays(2);

    /// <summary>Databases limit the parameters of a statement.</summary>
    private const int EntriesPerStatement = 200;

    private readonly string _name = keys.NameOf(writer);
    private readonly byte[]? _key = keys.KeyOf(keys.NameOf(writer));

    private (EvidenceHead Head, IReadOnlyList<EvidenceDraft> Entries)? _pending;

    /// <summary>The newest entry of this process that is durable.</summary>
    private EvidenceHead? _durable;

    /// <summary>Appends entries within the open transaction, as its last statement. Call <see cref="Committed"/> when it is durable.</summary>
    public async Task AppendAsync(DbSession db, IReadOnlyList<EvidenceDraft> drafts)
    {
        var head = await HeadAsync(db);
        List<EvidenceDraft> all = head is null ? [await OpeningAsync(db), .. drafts] : [.. drafts];
        if (_durable is { } durable && (head is null || head.Value.Sequence < durable.Sequence || (head.Value.Sequence == durable.Sequence && head.Value.Hash != durable.Hash)))
        {
            // Somebody has cut the end off. The chain itself says so from now on.
            all.Add(EvidenceDocuments.Heads("heads", [durable]));
        }

        var now = time.GetUtcNow();
        var (sequence, previous, recorded) = head ?? (0, EvidenceEntry.NoHash, 0);
        foreach (var some in all.Chunk(EntriesPerStatement))
        {
            (sequence, previous) = await InsertAsync(db, some, sequence, previous, now);
        }

        recorded = drafts.All(draft => draft.Kind == EvidenceKinds.Heads) && head is not null ? recorded : sequence;
        await db.ExecuteAsync(
            "REPLACE INTO evidence_heads (chain, sequence, hash, at, recorded) VALUES (@Chain, @Sequence, @Hash, @At, @Recorded)",
            new { Chain = _name, Sequence = sequence, Hash = previous, At = now.Stored(), Recorded = recorded });
        _pending = (new EvidenceHead(_name, sequence, previous), all);
    }

    /// <summary>The transaction with the entries is durable.</summary>
    public void Committed()
    {
        if (_pending is var (head, entries))
        {
            heads.Moved(head, entries);
            _durable = head;
            _pending = null;
        }
    }

    /// <returns>Sequence and hash of the last one.</returns>
    private async Task<(long Sequence, string Hash)> InsertAsync(DbSession db, IReadOnlyList<EvidenceDraft> drafts, long sequence, string previous, DateTimeOffset now)
    {
        var insert = new StringBuilder("INSERT INTO evidence (chain, sequence, at, kind, subject, ordinal, document, previous, hash) VALUES ");
        var parameters = new DynamicParameters(new { Chain = _name, At = now.Stored() });
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            sequence++;
            var hash = EvidenceEntry.HashOf(_name, sequence, previous, draft.Kind, draft.Subject, draft.Ordinal, now, draft.Document, _key);
            insert.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@Chain, @S{i}, @At, @K{i}, @J{i}, @O{i}, @D{i}, @P{i}, @H{i})");
            parameters.Add($"S{i}", sequence);
            parameters.Add($"K{i}", draft.Kind);
            parameters.Add($"J{i}", draft.Subject);
            parameters.Add($"O{i}", draft.Ordinal);
            parameters.Add($"D{i}", draft.Document);
            parameters.Add($"P{i}", previous);
            parameters.Add($"H{i}", hash);
            previous = hash;
        }

        await db.ExecuteAsync(insert.ToString(), parameters);
        return (sequence, previous);
    }

    /// <summary>
    /// The head of the chain; null where it has no entry. Where the head and the newest entry differ, somebody changed one of them: the later one counts, so that
    /// the next entry finds its place free, and the check shows what was done.
    /// </summary>
    private async Task<(long Sequence, string Hash, long Recorded)?> HeadAsync(DbSession db)
    {
        var parameters = new { Chain = _name };
        var head = await db.ListAsync($"SELECT sequence, hash, recorded FROM evidence_heads WHERE chain = @Chain {dialect.ForUpdate}", Row, parameters);
        var newest = await db.ListAsync("SELECT sequence, hash, sequence FROM evidence WHERE chain = @Chain ORDER BY sequence DESC LIMIT 1", Row, parameters);
        return newest.Count == 0 || (head.Count > 0 && head[0].Sequence >= newest[0].Sequence) ? head.Count == 0 ? null : head[0] : newest[0];

        static (long Sequence, string Hash, long Recorded) Row(System.Data.Common.DbDataReader row) => (row.GetInt64(0), row.Text(1), row.GetInt64(2));
    }

    /// <summary>
    /// The first entry names the heads of the chains that are there, so that none of them can be cut off before it without a trace; the first of all counts the rows, so
    /// that none can be inserted as if it were older.
    /// </summary>
    private async Task<EvidenceDraft> OpeningAsync(DbSession db) =>
        EvidenceDocuments.Opened(_name, await EvidenceHeads.StoredAsync(db, s_heardOf), await RowsAtOpening.CountAsync(db));
}
