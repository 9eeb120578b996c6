using System.Text;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class DeadLetterStoreTests(TestServer server)
{
    [Fact]
    public async Task An_unreadable_message_is_kept_as_it_came_and_only_once()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IDeadLetterStore>();
        var letter = Letter(7, Samples.Noon);
        await store.AddAsync(letter, default);
        await store.AddAsync(letter with { Reason = "another reason" }, default);

        var kept = Assert.Single(await store.ListAsync(10, default));
        Assert.Equal((letter.Delivery, letter.Reason, letter.PositionId, letter.At), (kept.Delivery, kept.Reason, kept.PositionId, kept.At));
        Assert.Equal(letter.Key.ToArray(), kept.Key.ToArray());
        Assert.Equal(letter.Payload.ToArray(), kept.Payload.ToArray());
        Assert.Equal(1, await store.CountAsync(default));
    }

    [Fact]
    public async Task The_newest_come_first()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IDeadLetterStore>();
        await store.AddAsync(Letter(1, Samples.Noon.AddSeconds(1)), default);
        await store.AddAsync(Letter(2, Samples.Noon.AddSeconds(3)) with { Key = ReadOnlyMemory<byte>.Empty, PositionId = null }, default);
        await store.AddAsync(Letter(3, Samples.Noon.AddSeconds(2)), default);

        Assert.Equal([2L, 3L], (await store.ListAsync(2, default)).Select(letter => letter.Delivery.Offset));
        Assert.Equal(3, await store.CountAsync(default));
    }

    private static DeadLetter Letter(long offset, DateTimeOffset at) =>
        new(new Delivery(Samples.Feed, 3, offset), "delta is no number", "p-1", Encoding.UTF8.GetBytes("p-1"), new byte[] { 0, 255, 1 }, at);

    public sealed class OnSqlite() : DeadLetterStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : DeadLetterStoreTests(TestServer.MariaDb);
}
