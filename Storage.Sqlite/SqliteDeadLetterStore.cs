using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteDeadLetterStore(SqliteStorage storage) : IDeadLetterStore
{
    public Task AddAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO dead_letters (topic, partition, "offset", reason, position_id, key, payload, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT DO NOTHING
                """,
                letter.Delivery.Topic,
                letter.Delivery.Partition,
                letter.Delivery.Offset,
                letter.Reason,
                letter.PositionId,
                letter.Key.ToArray(),
                letter.Payload.ToArray(),
                letter.At.Stored()),
            cancellationToken);

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int atMost, CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.Query,
            session => session.List(
                """
                SELECT topic, partition, "offset", reason, position_id, key, payload, at FROM dead_letters
                ORDER BY at DESC, topic, partition, "offset" DESC LIMIT ?1
                """,
                row => new DeadLetter(
                    new Delivery(row.GetString(0), row.GetInt32(1), row.GetInt64(2)),
                    row.GetString(3),
                    row.StringOrNull(4),
                    row.Blob(5),
                    row.Blob(6),
                    row.Instant(7)),
                atMost),
            cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.Query, session => (long)session.Scalar("SELECT count(*) FROM dead_letters")!, cancellationToken);
}
