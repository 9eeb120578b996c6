using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Begins with the empty desk, or with the oldest kept state after which no record was removed. Records are read some at a time, because they never change.</summary>
internal sealed class JournalReplay(IDatabase database) : IJournalReplay
{
    private const int AtATime = 500;

    public async Task<ReplayReach?> ReplayAsync(string desk, long? through, Action<IReadOnlyList<EpisodeReport>> onRecord, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(ReadPool.Upkeep, db => BeginAsync(db, desk), cancellationToken) is not { } begin)
        {
            return null;
        }

        try
        {
            return await ReplayAsync(desk, begin, through ?? begin.Head, onRecord, cancellationToken);
        }
        catch (Exception error) when (error is not DeskUnreadableException && database.IsOfTheRow(error))
        {
            throw new DeskUnreadableException(desk, error.Message, error);
        }
    }

    private async Task<ReplayReach> ReplayAsync(string desk, Beginning begin, long through, Action<IReadOnlyList<EpisodeReport>> onRecord, CancellationToken cancellationToken)
    {
        var risk = begin.State is { } state ? StateCodec.Decode(state) : new DeskRisk(desk);
        var last = 0L;
        for (var after = risk.Sequence; after < through;)
        {
            var records = await database.ReadAsync(
                ReadPool.Upkeep,
                db => db.ListAsync(
                    "SELECT sequence, record FROM journal WHERE desk_id = @DeskId AND sequence > @After AND sequence <= @Through ORDER BY sequence LIMIT @AtMost",
                    row => (Sequence: row.GetInt64(0), Bytes: row.Blob(1)),
                    new { begin.DeskId, After = after, Through = through, AtMost = AtATime }),
                cancellationToken);
            if (records.Count == 0)
            {
                break;
            }

            foreach (var (sequence, bytes) in records)
            {
                onRecord(Compute(risk, StoredRecord.Decode(desk, sequence, bytes)));
                last = sequence;
            }

            after = last;
        }

        return new ReplayReach(begin.First, begin.From, last);
    }

    private static IReadOnlyList<EpisodeReport> Compute(DeskRisk risk, JournalRecord record)
    {
        if (record.Sequence != risk.Sequence + 1)
        {
            throw new InvalidDataException($"record {risk.Sequence + 1} is missing: record {record.Sequence} follows record {risk.Sequence}");
        }

        var step = new DeskStep();
        foreach (var input in record.Inputs)
        {
            risk.Apply(input, step);
        }

        return risk.Seal(step, record.At).Outbox;
    }

    private static async Task<Beginning?> BeginAsync(DbSession db, string desk)
    {
        var desks = await db.ListAsync(
            """
            SELECT desk_id, coalesce((SELECT min(sequence) FROM journal WHERE journal.desk_id = desks.desk_id), head_sequence + 1), head_sequence
            FROM desks WHERE desk = @Desk
            """,
            row => (DeskId: row.GetInt64(0), First: row.GetInt64(1), Head: row.GetInt64(2)),
            new { Desk = desk });
        if (desks.Count == 0)
        {
            return null;
        }

        var (deskId, first, head) = desks[0];
        if (first == 1)
        {
            return new Beginning(deskId, 1, DateTimeOffset.MinValue, head, null);
        }

        var states = await db.ListAsync(
            "SELECT sequence, through, state FROM desk_states WHERE desk_id = @DeskId AND sequence >= @Before ORDER BY sequence LIMIT 1",
            row => (Sequence: row.GetInt64(0), Through: row.Instant(1), State: row.Blob(2)),
            new { DeskId = deskId, Before = first - 1 });

        // A desk that was repaired has neither; its journal begins with the next record.
        return states.Count == 0
            ? new Beginning(deskId, head + 1, DateTimeOffset.MaxValue, 0, null)
            : new Beginning(deskId, states[0].Sequence + 1, states[0].Through, head, states[0].State);
    }

    /// <param name="Head">The newest record; 0 where none can be computed.</param>
    private sealed record Beginning(long DeskId, long First, DateTimeOffset From, long Head, byte[]? State);
}
