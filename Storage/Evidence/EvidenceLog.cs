using System.Data.Common;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>The tables of evidence, for those who check, read and prune them.</summary>
internal sealed class EvidenceLog(IDatabase database, StorageOptions options) : IEvidenceLog
{
    private const string Columns = "chain, sequence, at, kind, subject, ordinal, document, previous, hash";

    /// <summary>Keeps other writes from waiting long behind a removal.</summary>
    private const int PrunedAtATime = 2_000;

    /// <summary>What this process has named of each chain.</summary>
    private readonly Dictionary<string, long> _named = new(StringComparer.Ordinal);

    public IReadOnlyList<EvidenceHead> Heads => database.Evidence.Now;

    public Task<EvidenceCheck> VerifyAsync(IReadOnlyList<EvidenceHead> seen, DateTimeOffset? upgraded, CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.Upkeep, db => new EvidenceVerifier(database.Dialect.Upgrade, options.EvidenceKeys).RunAsync(db, seen, upgraded), cancellationToken);

    public async Task<IReadOnlyList<EvidenceEntry>> AboutAsync(string subject, CancellationToken cancellationToken) => await database.ReadAsync(
        ReadPool.Query,
        db => db.ListAsync($"SELECT {Columns} FROM evidence WHERE subject = @Subject ORDER BY ordinal, chain, sequence", row => Entry(row) with { Keys = options.EvidenceKeys }, new { Subject = subject }),
        cancellationToken);

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.WriteAsync(db => PruneAsync(db, before), cancellationToken);

    public async Task LinkAsync(CancellationToken cancellationToken)
    {
        var own = database.Evidence.Now.Select(head => head.Chain).ToHashSet();
        var stored = await database.ReadAsync(
            ReadPool.Upkeep,
            db => db.ListAsync(
                "SELECT chain, sequence, hash, recorded FROM evidence_heads ORDER BY chain",
                row => (Head: new EvidenceHead(row.Text(0), row.GetInt64(1), row.Text(2)), Recorded: row.GetInt64(3))),
            cancellationToken);
        var moved = stored.Where(row => row.Recorded > _named.GetValueOrDefault(row.Head.Chain)).ToList();

        // A process that has written nothing has nothing to hide, and a chain alone would only name itself.
        if (own.Count == 0 || moved.TrueForAll(row => own.Count == 1 && own.Contains(row.Head.Chain)))
        {
            return;
        }

        await database.WriteAsync(
            db =>
            {
                db.Record(EvidenceDocuments.Heads("heads", moved.Select(row => row.Head)));
                return Task.FromResult(true);
            },
            cancellationToken);
        foreach (var (head, recorded) in moved)
        {
            _named[head.Chain] = recorded;
        }
    }

    internal static EvidenceEntry Entry(DbDataReader row) => new(
        row.Text(0), row.GetInt64(1), row.Instant(2), row.Text(3), row.Text(4), row.GetInt64(5), row.Text(6), row.Text(7), row.Text(8));

    /// <summary>Reads all entries in the order of their chains.</summary>
    internal static async Task EachAsync(DbSession db, EvidenceKeys keys, Action<EvidenceEntry> entry)
    {
        foreach (var chain in await db.ListAsync("SELECT DISTINCT chain FROM evidence ORDER BY chain", row => row.Text(0)))
        {
            await PagedRows.EachAsync(db, Columns, "evidence", "sequence", row => entry(Entry(row) with { Keys = keys }), within: ("chain = @Within", chain));
        }
    }

    private static async Task<int> PruneAsync(DbSession db, DateTimeOffset before)
    {
        var heads = await db.ListAsync("SELECT chain, sequence FROM evidence_heads ORDER BY chain", row => (Chain: row.Text(0), Sequence: row.GetInt64(1)));
        foreach (var (chain, newest) in heads)
        {
            if (await PruneAsync(db, chain, newest, before) is > 0 and var removed)
            {
                // One chain in a transaction, so that none waits long for its locks.
                return removed;
            }
        }

        return 0;
    }

    /// <summary>Removes what lies before the first entry that is young enough. The newest entry of a chain stays: without it the chain would begin anew.</summary>
    private static async Task<int> PruneAsync(DbSession db, string chain, long newest, DateTimeOffset before)
    {
        var first = await db.ScalarAsync<long?>("SELECT min(sequence) FROM evidence WHERE chain = @Chain", new { Chain = chain });
        if (first is not { } from)
        {
            return 0;
        }

        // Of a chain with nothing to remove this reads one row; an aggregate would read all of them.
        var stays = await db.ScalarAsync<long?>(
            "SELECT sequence FROM evidence WHERE chain = @Chain AND at >= @Before ORDER BY sequence LIMIT 1", new { Chain = chain, Before = before.Stored() });
        var through = Math.Min(Math.Min(stays ?? newest, newest) - 1, from + PrunedAtATime - 1);
        if (through < from)
        {
            return 0;
        }

        var last = await db.ListAsync("SELECT hash FROM evidence WHERE chain = @Chain AND sequence = @Through", row => row.Text(0), new { Chain = chain, Through = through });
        var removed = last.Count == 0 ? 0 : await db.ExecuteAsync("DELETE FROM evidence WHERE chain = @Chain AND sequence <= @Through", new { Chain = chain, Through = through });
        if (removed > 0)
        {
            db.Record(EvidenceDocuments.Pruned(new EvidenceHead(chain, through, last[0]), before, removed));
        }

        return removed;
    }
}
