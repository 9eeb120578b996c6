using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Feeds;

/// <summary>The table of messages that could not be read.</summary>
internal sealed class DeadLetterStore(IDatabase database) : IDeadLetterStore
{
    public Task AddAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db => db.ExecuteAsync(
                $"""
                {database.Dialect.InsertIfNew} dead_letters (topic, `partition`, `offset`, reason, position_id, `key`, payload, at)
                VALUES (@Topic, @Partition, @Offset, @Reason, @PositionId, @Key, @Payload, @At)
                """,
                new
                {
                    letter.Delivery.Topic,
                    letter.Delivery.Partition,
                    letter.Delivery.Offset,
                    letter.Reason,
                    letter.PositionId,
                    Key = letter.Key.ToArray(),
                    Payload = letter.Payload.ToArray(),
                    At = letter.At.Stored(),
                }),
            cancellationToken);

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int atMost, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.Query,
            db => db.ListAsync(
                """
                SELECT topic, `partition`, `offset`, reason, position_id, `key`, payload, at FROM dead_letters
                ORDER BY at DESC, topic, `partition`, `offset` DESC LIMIT @AtMost
                """,
                row => new DeadLetter(
                    new Delivery(row.Text(0), row.GetInt32(1), row.GetInt64(2)),
                    row.Text(3),
                    row.StringOrNull(4),
                    row.Blob(5),
                    row.Blob(6),
                    row.Instant(7)),
                new { AtMost = atMost }),
            cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.Query, db => db.ScalarAsync<long>("SELECT count(*) FROM dead_letters"), cancellationToken);
}
