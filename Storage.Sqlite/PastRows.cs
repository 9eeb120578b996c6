using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// The rows that answer for a desk at an instant. A state begins an exact answer when every record after it is there; a desk whose journal still
/// has its first record can begin from nothing.
/// </summary>
internal sealed class PastRows
{
    /// <summary>Set when the instant lies before everything known.</summary>
    public HistoryReach? TooEarly { get; private init; }

    /// <summary>Where the answer begins; null for an empty desk.</summary>
    public (DateTimeOffset Through, byte[] Bytes)? State { get; private init; }

    public bool IsExact { get; private init; }

    /// <summary>Records after the state that have something from before the instant in them.</summary>
    public List<(long Sequence, byte[] Bytes)> Records { get; private init; } = [];

    /// <returns>Null when nobody has heard of the desk.</returns>
    public static PastRows? Read(SqliteSession session, string desk, DateTimeOffset asOf)
    {
        if (Find(session, desk) is not var (deskId, firstRecord))
        {
            return null;
        }

        // Both grow together, so the newest by time is the newest by sequence.
        var states = session.List(
            "SELECT sequence, through, state FROM desk_states WHERE desk_id = ?1 AND through <= ?2 ORDER BY through DESC, sequence DESC LIMIT 1",
            row => (Sequence: row.GetInt64(0), Through: row.Instant(1), Bytes: row.Blob(2)),
            deskId,
            asOf.Stored());
        if (states.Count == 0)
        {
            var reach = Reach(session, deskId, firstRecord);
            return firstRecord > 1 || asOf < reach.Earliest
                ? new PastRows { TooEarly = reach }
                : new PastRows { IsExact = true, Records = Since(session, deskId, 0, asOf) };
        }

        var state = states[0];
        var isExact = state.Sequence >= firstRecord - 1;
        return new PastRows
        {
            State = (state.Through, state.Bytes),
            IsExact = isExact,
            Records = isExact ? Since(session, deskId, state.Sequence, asOf) : [],
        };
    }

    /// <returns>Null when nobody has heard of the desk.</returns>
    private static (long DeskId, long FirstRecord)? Find(SqliteSession session, string desk)
    {
        var desks = session.List(
            """
            SELECT desk_id, coalesce((SELECT min(sequence) FROM journal WHERE journal.desk_id = desks.desk_id), head_sequence + 1)
            FROM desks WHERE desk = ?1
            """,
            row => (row.GetInt64(0), row.GetInt64(1)),
            desk);
        return desks.Count == 0 ? null : desks[0];
    }

    /// <summary>Passes over the stretches between states, and in them over the records, of which nothing counts yet.</summary>
    private static List<(long Sequence, byte[] Bytes)> Since(SqliteSession session, long deskId, long sequence, DateTimeOffset asOf)
    {
        var stretches = session.List(
            "SELECT previous, sequence FROM desk_states WHERE desk_id = ?1 AND sequence > ?2 AND earliest <= ?3 ORDER BY sequence",
            row => (After: row.GetInt64(0), Through: row.GetInt64(1)),
            deskId,
            sequence,
            asOf.Stored());
        var newestState = session.Scalar("SELECT max(sequence) FROM desk_states WHERE desk_id = ?1", deskId) as long? ?? 0;
        var records = new List<(long, byte[])>();
        foreach (var (after, through) in stretches.Append((After: newestState, Through: long.MaxValue)))
        {
            records.AddRange(session.List(
                "SELECT sequence, record FROM journal WHERE desk_id = ?1 AND sequence > ?2 AND sequence <= ?3 AND earliest <= ?4 ORDER BY sequence",
                row => (row.GetInt64(0), row.Blob(1)),
                deskId,
                after,
                through,
                asOf.Stored()));
        }

        return records;
    }

    private static HistoryReach Reach(SqliteSession session, long deskId, long firstRecord)
    {
        if (firstRecord == 1)
        {
            var begin = Begin(session, deskId);
            return new HistoryReach(begin, begin);
        }

        var oldest = Through(session, deskId, 0);
        var exact = Through(session, deskId, firstRecord - 1)
            ?? session.List("SELECT at FROM journal WHERE desk_id = ?1 ORDER BY sequence DESC LIMIT 1", row => row.Instant(0), deskId).FirstOrDefault(DateTimeOffset.MaxValue);
        return new HistoryReach(oldest ?? exact, exact);
    }

    /// <summary>From when a desk counts that has its whole journal. Where its first records are of a version that kept no times: since when it is there.</summary>
    private static DateTimeOffset Begin(SqliteSession session, long deskId) => session.List(
        """
        SELECT CASE min(earliest) WHEN 0 THEN (SELECT at FROM journal WHERE desk_id = ?1 AND sequence = 1) ELSE min(earliest) END FROM (
            SELECT earliest FROM desk_states WHERE desk_id = ?1
            UNION ALL
            SELECT earliest FROM journal WHERE desk_id = ?1 AND sequence > (SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = ?1))
        """,
        row => row.Instant(0),
        deskId).Single();

    private static DateTimeOffset? Through(SqliteSession session, long deskId, long fromSequence) =>
        session.Scalar("SELECT through FROM desk_states WHERE desk_id = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1", deskId, fromSequence) is long ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;
}
