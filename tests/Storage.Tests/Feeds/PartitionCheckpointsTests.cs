using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Storage.Tests.Feeds;

public abstract class PartitionCheckpointsTests(TestServer server)
{
    [Fact]
    public async Task Of_two_owners_only_the_newest_stores()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        var (first, second) = (database.Get<IPartitionCheckpoints>(), other.Get<IPartitionCheckpoints>());
        var owned = await first.OpenAsync("positions", "0", default);
        Assert.Null(owned.Checkpoint);
        Assert.True(await first.StoreAsync("positions", "0", owned.Epoch, new byte[] { 1, 2 }, default));

        var taken = await second.OpenAsync("positions", "0", default);
        Assert.True(taken.Epoch > owned.Epoch);
        Assert.Equal(new byte[] { 1, 2 }, taken.Checkpoint!.Value.ToArray());
        Assert.False(await first.StoreAsync("positions", "0", owned.Epoch, new byte[] { 3 }, default));

        // The same again, as after an answer that was lost.
        Assert.True(await second.StoreAsync("positions", "0", taken.Epoch, new byte[] { 1, 2 }, default));
        Assert.True(await second.StoreAsync("positions", "0", taken.Epoch, new byte[] { 1, 2 }, default));
        Assert.False(await second.StoreAsync("positions", "7", taken.Epoch, new byte[] { 1 }, default));
    }

    [Fact]
    public async Task Partitions_are_read_without_taking_them_over()
    {
        await using var database = await server.CreateAsync();
        var checkpoints = database.Get<IPartitionCheckpoints>();
        var zero = await checkpoints.OpenAsync("positions", "0", default);
        await checkpoints.OpenAsync("positions", "1", default);
        await checkpoints.OpenAsync("positions ", "1", default);
        await checkpoints.StoreAsync("positions", "0", zero.Epoch, Array.Empty<byte>(), default);

        var read = await checkpoints.ReadAsync("positions", default);
        Assert.Equal([("0", 1L, (int?)0), ("1", 1L, null)], read.Select(row => (row.Partition, row.Epoch, row.Checkpoint?.Length)));
        Assert.True(await checkpoints.StoreAsync("positions", "0", zero.Epoch, new byte[] { 9 }, default));
    }

    [Fact]
    public async Task Owners_that_open_a_partition_at_once_get_different_epochs()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => (n % 2 == 0 ? database : other).Get<IPartitionCheckpoints>().OpenAsync("positions", "0", default)));

        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), opened.Select(owned => owned.Epoch).Order());
    }

    public sealed class OnSqlite() : PartitionCheckpointsTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : PartitionCheckpointsTests(TestServer.MariaDb);
}
