using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Looks for work on a reading connection, so that the writer gets a desk only when there is some.</summary>
internal sealed partial class SqliteJournalRetention(SqliteStorage storage, IOptions<SqliteStorageOptions> options, ILogger<SqliteJournalRetention> logger)
    : IJournalRetention
{
    /// <summary>Records removed per desk and step.</summary>
    private const int PruneStep = 500;

    /// <summary>A state is worth at least this many times its own size of journal.</summary>
    private const int JournalPerState = 4;

    public async Task<int> KeepStatesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await storage.ReadAsync(ReadPool.Upkeep, session => Due(session, now), cancellationToken);
        var kept = 0;
        foreach (var (deskId, desk) in due)
        {
            try
            {
                var state = await storage.ReadAsync(ReadPool.Upkeep, session => session.InOneSnapshot(snapshot => Folded(snapshot, deskId, desk, now)), cancellationToken);
                var bytes = StateCodec.Encode(state.Checkpoint, state.Positions);
                kept += await storage.WriteAsync(session => Keep(session, state, bytes, now), cancellationToken);
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
        foreach (var desk in await storage.ReadAsync(ReadPool.Upkeep, session => Prunable(session, now), cancellationToken))
        {
            // One write per desk: pruning never keeps the writer from the journal for long.
            try
            {
                removed += await storage.WriteAsync(session => Prune(session, desk, now - options.Value.StateRetention), cancellationToken);
            }
            catch (Exception error) when (SqliteFaults.IsOfTheRow(error))
            {
                LogNotPruned(desk.DeskId, error);
            }
        }

        return removed;
    }

    private List<(long DeskId, string Desk)> Due(SqliteSession session, DateTimeOffset now) => session.List(
        """
        SELECT d.desk_id, d.desk FROM desks AS d
        LEFT JOIN desk_states AS s ON s.desk_id = d.desk_id AND s.sequence = (SELECT max(sequence) FROM desk_states WHERE desk_id = d.desk_id)
        WHERE d.folded_sequence > coalesce(s.sequence, 0)
            AND (s.sequence IS NULL OR s.kept_at <= ?1 OR d.written - s.written >= max(?2, ?3 * length(s.state)))
        """,
        row => (row.GetInt64(0), row.GetString(1)),
        (now - options.Value.StateInterval).Stored(),
        options.Value.StateAfterBytes,
        JournalPerState);

    private static FoldedDesk Folded(SqliteSession session, long deskId, string desk, DateTimeOffset now)
    {
        var (sequence, written, checkpoint) = session.List(
            "SELECT folded_sequence, written, checkpoint FROM desks JOIN checkpoints USING (desk_id) WHERE desk_id = ?1",
            row => (row.GetInt64(0), row.GetInt64(1), row.Blob(2)),
            deskId).Single();
        var (previous, through) = session.List(
            "SELECT sequence, through FROM desk_states WHERE desk_id = ?1 ORDER BY sequence DESC LIMIT 1",
            row => (row.GetInt64(0), row.GetInt64(1)),
            deskId).FirstOrDefault();

        // Where every record since is gone, they are of a version that kept no times, and long past.
        var (earliest, latest) = session.List(
            "SELECT coalesce(min(earliest), 0), coalesce(max(latest), ?4) FROM journal WHERE desk_id = ?1 AND sequence > ?2 AND sequence <= ?3",
            row => (row.GetInt64(0), row.GetInt64(1)),
            deskId,
            previous,
            sequence,
            now.Stored()).Single();
        return new FoldedDesk(
            deskId, previous, earliest, Math.Max(through, latest), written, JournalCodec.DecodeCheckpoint(checkpoint), SqliteDesk.Positions(session, deskId, desk));
    }

    private static int Keep(SqliteSession session, FoldedDesk desk, byte[] state, DateTimeOffset now) => session.Execute(
        """
        INSERT INTO desk_states (desk_id, sequence, previous, earliest, through, kept_at, written, state)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
        WHERE (SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = ?1) = ?3 AND ?2 > ?3
        """,
        desk.DeskId,
        desk.Checkpoint.Sequence,
        desk.Previous,
        desk.Earliest,
        desk.Through,
        now.Stored(),
        desk.Written,
        state);

    private List<PrunableDesk> Prunable(SqliteSession session, DateTimeOffset now) => session.List(
        """
        SELECT desk_id, needed, first FROM (
            SELECT
                d.desk_id,
                min(
                    coalesce((SELECT sequence FROM desk_states AS s WHERE s.desk_id = d.desk_id AND through <= ?1 ORDER BY through DESC, sequence DESC LIMIT 1), 0) + 1,
                    coalesce((SELECT min(sequence) FROM outbox AS o WHERE o.desk_id = d.desk_id), 9223372036854775807)) AS needed,
                coalesce((SELECT min(sequence) FROM journal AS j WHERE j.desk_id = d.desk_id), d.head_sequence + 1) AS first,
                (SELECT sequence FROM desk_states AS s WHERE s.desk_id = d.desk_id AND through < ?2 ORDER BY through, sequence LIMIT 1) AS oldest
            FROM desks AS d)
        WHERE first < needed OR oldest < first - 1
        """,
        row => new PrunableDesk(row.GetInt64(0), Math.Min(row.GetInt64(1), row.GetInt64(2) + PruneStep)),
        (now - options.Value.JournalRetention).Stored(),
        (now - options.Value.StateRetention).Stored());

    private static int Prune(SqliteSession session, PrunableDesk desk, DateTimeOffset statesBefore)
    {
        var records = session.Execute("DELETE FROM journal WHERE desk_id = ?1 AND sequence < ?2", desk.DeskId, desk.RemoveBefore);

        // The state right before the first record left, and those after it, begin exact answers; lead() sees it, too.
        var states = session.Execute(
            """
            DELETE FROM desk_states WHERE desk_id = ?1 AND sequence IN (
                SELECT sequence FROM (
                    SELECT sequence, through, through / ?3 AS day, lead(through / ?3) OVER (ORDER BY sequence) AS next_day, first
                    FROM desk_states CROSS JOIN (
                        SELECT coalesce((SELECT min(sequence) FROM journal WHERE desk_id = ?1), (SELECT head_sequence + 1 FROM desks WHERE desk_id = ?1)) AS first)
                    WHERE desk_id = ?1 AND sequence < first)
                WHERE sequence < first - 1 AND (day = next_day OR through < ?2))
            """,
            desk.DeskId,
            statesBefore.Stored(),
            TimeSpan.TicksPerDay);
        return records + states;
    }

    /// <param name="Previous">The kept state before; 0 for none.</param>
    private sealed record FoldedDesk(
        long DeskId, long Previous, long Earliest, long Through, long Written, DeskCheckpoint Checkpoint, IReadOnlyList<HeldPosition> Positions);

    private readonly record struct PrunableDesk(long DeskId, long RemoveBefore);
}
