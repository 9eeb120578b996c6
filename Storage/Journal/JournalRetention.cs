using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Looks for work on a reading connection, so that the writer gets a desk only when there is some.</summary>
internal sealed partial class JournalRetention(IDatabase database, StorageOptions options, ILogger<JournalRetention> logger)
    : IJournalRetention
{
    /// <summary>Records removed per desk and step.</summary>
    private const int PruneStep = 500;

    /// <summary>A state is worth at least this many times its own size of journal.</summary>
    private const int JournalPerState = 4;

    public async Task<int> KeepStatesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(ReadPool.Upkeep, db => DueAsync(db, now), cancellationToken);
        var kept = 0;
        foreach (var (deskId, desk) in due)
        {
            try
            {
                var state = await database.ReadAsync(ReadPool.Upkeep, db => FoldedAsync(db, deskId, desk, now), cancellationToken);
                var bytes = StateCodec.Encode(state.Checkpoint, state.Positions);
                kept += await database.WriteAsync(db => KeepAsync(db, state, bytes, now), cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // One desk that cannot be read must not keep the journals of the others from being thinned.
                LogNotKept(desk, error);
            }
        }

        return kept;
    }

    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var desk in await database.ReadAsync(ReadPool.Upkeep, db => PrunableAsync(db, now), cancellationToken))
        {
            // One write per desk: pruning never keeps the writer from the journal for long.
            try
            {
                removed += await database.WriteAsync(db => PruneAsync(db, desk, now - options.StateRetention), cancellationToken);
            }
            catch (Exception error) when (database.IsOfTheRow(error))
            {
                LogNotPruned(desk.DeskId, error);
            }
        }

        return removed;
    }

    private Task<List<(long DeskId, string Desk)>> DueAsync(DbSession db, DateTimeOffset now) => db.ListAsync(
        $"""
        SELECT d.desk_id, d.desk FROM desks AS d
        LEFT JOIN desk_states AS s ON s.desk_id = d.desk_id AND s.sequence = (SELECT max(sequence) FROM desk_states WHERE desk_id = d.desk_id)
        WHERE d.folded_sequence > coalesce(s.sequence, 0)
            AND (s.sequence IS NULL OR s.kept_at <= @KeptAt OR d.written - s.written >= {database.Dialect.Greatest}(@AfterBytes, @JournalPerState * length(s.state)))
        """,
        row => (row.GetInt64(0), row.Text(1)),
        new { KeptAt = (now - options.StateInterval).Stored(), AfterBytes = (long)options.StateAfterBytes, JournalPerState });

    private static async Task<FoldedDesk> FoldedAsync(DbSession db, long deskId, string desk, DateTimeOffset now)
    {
        var (sequence, written, checkpoint) = (await db.ListAsync(
            "SELECT folded_sequence, written, checkpoint FROM desks JOIN checkpoints USING (desk_id) WHERE desk_id = @DeskId",
            row => (row.GetInt64(0), row.GetInt64(1), row.Blob(2)),
            new { DeskId = deskId })).Single();
        var (previous, through) = (await db.ListAsync(
            "SELECT sequence, through FROM desk_states WHERE desk_id = @DeskId ORDER BY sequence DESC LIMIT 1",
            row => (row.GetInt64(0), row.GetInt64(1)),
            new { DeskId = deskId })).FirstOrDefault();

        // Where every record since is gone, they are of a version that kept no times, and long past.
        var (earliest, latest) = (await db.ListAsync(
            "SELECT coalesce(min(earliest), 0), coalesce(max(latest), @Now) FROM journal WHERE desk_id = @DeskId AND sequence > @Previous AND sequence <= @Sequence",
            row => (row.GetInt64(0), row.GetInt64(1)),
            new { DeskId = deskId, Previous = previous, Sequence = sequence, Now = now.Stored() })).Single();
        return new FoldedDesk(
            deskId, previous, earliest, Math.Max(through, latest), written, JournalCodec.DecodeCheckpoint(checkpoint), await DeskRows.PositionsAsync(db, deskId, desk));
    }

    /// <summary>Two processes may keep the same desk: the later one finds another state before its own and stores nothing.</summary>
    private async Task<int> KeepAsync(DbSession db, FoldedDesk desk, byte[] state, DateTimeOffset now)
    {
        await database.Dialect.LockAsync(db, WriteLock.States);
        var row = new
        {
            desk.DeskId,
            desk.Checkpoint.Sequence,
            desk.Previous,
            desk.Earliest,
            desk.Through,
            KeptAt = now.Stored(),
            desk.Written,
            State = state,
        };
        var newest = await db.ScalarAsync<long>("SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = @DeskId", row);
        return newest != desk.Previous || row.Sequence <= newest
            ? 0
            : await db.ExecuteAsync(
                """
                INSERT INTO desk_states (desk_id, sequence, previous, earliest, through, kept_at, written, state)
                VALUES (@DeskId, @Sequence, @Previous, @Earliest, @Through, @KeptAt, @Written, @State)
                """,
                row);
    }

    private Task<List<PrunableDesk>> PrunableAsync(DbSession db, DateTimeOffset now) => db.ListAsync(
        $"""
        SELECT desk_id, needed, first FROM (
            SELECT
                d.desk_id,
                {database.Dialect.Least}(
                    coalesce((SELECT sequence FROM desk_states AS s WHERE s.desk_id = d.desk_id AND through <= @Journal ORDER BY through DESC, sequence DESC LIMIT 1), 0) + 1,
                    coalesce((SELECT min(sequence) FROM outbox AS o WHERE o.desk_id = d.desk_id), {long.MaxValue})) AS needed,
                coalesce((SELECT min(sequence) FROM journal AS j WHERE j.desk_id = d.desk_id), d.head_sequence + 1) AS first,
                (SELECT sequence FROM desk_states AS s WHERE s.desk_id = d.desk_id AND through < @States ORDER BY through, sequence LIMIT 1) AS oldest
            FROM desks AS d) AS prunable
        WHERE first < needed OR oldest < first - 1
        """,
        row => new PrunableDesk(row.GetInt64(0), Math.Min(row.GetInt64(1), row.GetInt64(2) + PruneStep)),
        new { Journal = (now - options.JournalRetention).Stored(), States = (now - options.StateRetention).Stored() });

    private static async Task<int> PruneAsync(DbSession db, PrunableDesk desk, DateTimeOffset statesBefore)
    {
        var records = await db.ExecuteAsync("DELETE FROM journal WHERE desk_id = @DeskId AND sequence < @RemoveBefore", new { desk.DeskId, desk.RemoveBefore });
        var first = await db.ScalarAsync<long?>("SELECT min(sequence) FROM journal WHERE desk_id = @DeskId", new { desk.DeskId })
            ?? await db.ScalarAsync<long>("SELECT head_sequence + 1 FROM desks WHERE desk_id = @DeskId", new { desk.DeskId });
        var states = await db.ListAsync(
            "SELECT sequence, through FROM desk_states WHERE desk_id = @DeskId AND sequence < @First ORDER BY sequence",
            row => (Sequence: row.GetInt64(0), Through: row.GetInt64(1)),
            new { desk.DeskId, First = first });

        // The state right before the first record left, and those after it, begin exact answers. Of those before, the last of each day stays.
        var removed = states
            .Where((state, i) => state.Sequence < first - 1
                && (state.Through < statesBefore.Stored() || (i + 1 < states.Count && Day(state.Through) == Day(states[i + 1].Through))))
            .Select(state => new { desk.DeskId, state.Sequence })
            .ToList();
        return removed.Count == 0
            ? records
            : records + await db.ExecuteAsync("DELETE FROM desk_states WHERE desk_id = @DeskId AND sequence = @Sequence", removed);
    }

    private static long Day(long ticks) => ticks / TimeSpan.TicksPerDay;

    /// <param name="Previous">The kept state before; 0 for none.</param>
    private sealed record FoldedDesk(
        long DeskId, long Previous, long Earliest, long Through, long Written, DeskCheckpoint Checkpoint, IReadOnlyList<HeldPosition> Positions);

    private readonly record struct PrunableDesk(long DeskId, long RemoveBefore);
}
