using System.Data.Common;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Feeds;

/// <summary>The table of partition checkpoints. Each statement that changes a row checks or raises its epoch by itself, so no lock is needed.</summary>
internal sealed class PartitionCheckpoints(IDatabase database) : IPartitionCheckpoints
{
    private const string Select = "SELECT `partition`, epoch, checkpoint FROM partition_checkpoints";

    public Task<OwnedCheckpoint> OpenAsync(string feed, string partition, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async db =>
            {
                var row = new { Feed = feed, Partition = partition };
                await db.ExecuteAsync($"{database.Dialect.InsertIfNew} partition_checkpoints (feed, `partition`, epoch) VALUES (@Feed, @Partition, 0)", row);

                // The update keeps the row locked to the commit, so what is read next belongs to this epoch.
                await db.ExecuteAsync("UPDATE partition_checkpoints SET epoch = epoch + 1 WHERE feed = @Feed AND `partition` = @Partition", row);
                return (await db.ListAsync($"{Select} WHERE feed = @Feed AND `partition` = @Partition", Owned, row)).Single();
            },
            cancellationToken);

    public async Task<bool> StoreAsync(string feed, string partition, long epoch, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            db => db.ExecuteAsync(
                "UPDATE partition_checkpoints SET checkpoint = @Checkpoint WHERE feed = @Feed AND `partition` = @Partition AND epoch = @Epoch",
                new { Feed = feed, Partition = partition, Epoch = epoch, Checkpoint = checkpoint.ToArray() }),
            cancellationToken) > 0;

    public async Task<IReadOnlyList<OwnedCheckpoint>> ReadAsync(string feed, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.LookUp, db => db.ListAsync($"{Select} WHERE feed = @Feed ORDER BY `partition`", Owned, new { Feed = feed }), cancellationToken);

    private static OwnedCheckpoint Owned(DbDataReader row) =>
        new(row.Text(0), row.GetInt64(1), row.IsDBNull(2) ? (ReadOnlyMemory<byte>?)null : row.Blob(2));
}
