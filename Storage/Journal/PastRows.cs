using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

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

    /// <returns>Null when nothing is stored of the desk.</returns>
    public static async Task<PastRows?> ReadAsync(DbSession db, string desk, DateTimeOffset asOf)
    {
        if (await FindAsync(db, desk) is not var (deskId, firstRecord))
        {
            return null;
        }

        // Both grow together, so the newest by time is the newest by sequence.
        var states = await db.ListAsync(
            "SELECT sequence, through, state FROM desk_states WHERE desk_id = @DeskId AND through <= @AsOf ORDER BY through DESC, sequence DESC LIMIT 1",
            row => (Sequence: row.GetInt64(0), Through: row.Instant(1), Bytes: row.Blob(2)),
            new { DeskId = deskId, AsOf = asOf.Stored() });
        if (states.Count == 0)
        {
            var reach = await ReachAsync(db, deskId, firstRecord);
            return firstRecord > 1 || asOf < reach.Earliest
                ? new PastRows { TooEarly = reach }
                : new PastRows { IsExact = true, Records = await SinceAsync(db, deskId, 0, asOf) };
        }

        var state = states[0];
        var isExact = state.Sequence >= firstRecord - 1;
        return new PastRows
        {
            State = (state.Through, state.Bytes),
            IsExact = isExact,
            Records = isExact ? await SinceAsync(db, deskId, state.Sequence, asOf) : [],
        };
    }

    /// <returns>Null when nothing is stored of the desk.</returns>
    private static async Task<(long DeskId, long FirstRecord)?> FindAsync(DbSession db, string desk)
    {
        var desks = await db.ListAsync(
            """
            SELECT desk_id, coalesce((SELECT min(sequence) FROM journal WHERE journal.desk_id = desks.desk_id), head_sequence + 1)
            FROM desks WHERE desk = @Desk
            """,
            row => (row.GetInt64(0), row.GetInt64(1)),
            new { Desk = desk });
        return desks.Count == 0 ? null : desks[0];
    }

    /// <summary>Passes over the stretches between states, and in them over the records, of which nothing counts yet.</summary>
    private static async Task<List<(long Sequence, byte[] Bytes)>> SinceAsync(DbSession db, long deskId, long sequence, DateTimeOffset asOf)
    {
        var stretches = await db.ListAsync(
            "SELECT previous, sequence FROM desk_states WHERE desk_id = @DeskId AND sequence > @Sequence AND earliest <= @AsOf ORDER BY sequence",
            row => (After: row.GetInt64(0), Through: row.GetInt64(1)),
            new { DeskId = deskId, Sequence = sequence, AsOf = asOf.Stored() });
        var newestState = await db.ScalarAsync<long?>("SELECT max(sequence) FROM desk_states WHERE desk_id = @DeskId", new { DeskId = deskId }) ?? 0;
        var records = new List<(long, byte[])>();
        foreach (var (after, through) in stretches.Append((After: newestState, Through: long.MaxValue)))
        {
            records.AddRange(await db.ListAsync(
                "SELECT sequence, record FROM journal WHERE desk_id = @DeskId AND sequence > @After AND sequence <= @Through AND earliest <= @AsOf ORDER BY sequence",
                row => (row.GetInt64(0), row.Blob(1)),
                new { DeskId = deskId, After = after, Through = through, AsOf = asOf.Stored() }));
        }

        return records;
    }

    private static async Task<HistoryReach> ReachAsync(DbSession db, long deskId, long firstRecord)
    {
        if (firstRecord == 1)
        {
            var begin = await BeginAsync(db, deskId);
            return new HistoryReach(begin, begin);
        }

        var oldest = await ThroughAsync(db, deskId, 0);
        var exact = await ThroughAsync(db, deskId, firstRecord - 1)
            ?? await InstantAsync(db, "SELECT at FROM journal WHERE desk_id = @DeskId ORDER BY sequence DESC LIMIT 1", new { DeskId = deskId })
            ?? DateTimeOffset.MaxValue;
        return new HistoryReach(oldest ?? exact, exact);
    }

    /// <summary>From when a desk counts that has its whole journal. Where its first records are of a version that kept no times: since when it is there.</summary>
    private static async Task<DateTimeOffset> BeginAsync(DbSession db, long deskId)
    {
        const string Sql =
            """
            SELECT CASE min(earliest) WHEN 0 THEN (SELECT at FROM journal WHERE desk_id = @DeskId AND sequence = 1) ELSE min(earliest) END FROM (
                SELECT earliest FROM desk_states WHERE desk_id = @DeskId
                UNION ALL
                SELECT earliest FROM journal
                WHERE desk_id = @DeskId AND sequence > (SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = @DeskId)) AS stretches
            """;
        return await InstantAsync(db, Sql, new { DeskId = deskId }) ?? throw new InvalidDataException("its journal has no first record");
    }

    private static Task<DateTimeOffset?> ThroughAsync(DbSession db, long deskId, long fromSequence) =>
        InstantAsync(
            db,
            "SELECT through FROM desk_states WHERE desk_id = @DeskId AND sequence >= @FromSequence ORDER BY sequence LIMIT 1",
            new { DeskId = deskId, FromSequence = fromSequence });

    private static async Task<DateTimeOffset?> InstantAsync(DbSession db, string sql, object parameters) =>
        await db.ScalarAsync<long?>(sql, parameters) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
