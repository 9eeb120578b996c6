using RiskMonitor.Risk.Access;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class AuditLogTests(TestServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private IAuditLog Log => _database.Get<IAuditLog>();

    public async ValueTask InitializeAsync() => _database = await server.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task An_entry_comes_back_as_it_was_written()
    {
        var entry = Entry(0, "ann") with { Desk = "FX/Forwards", Calls = 7, Scope = "FX/Forwards; 王" };
        var anonymous = Entry(1, null) with { Scope = null, Clearance = null, Desk = null, Address = null };
        await Log.AddAsync([entry, anonymous], default);

        Assert.Equal([anonymous, entry], await Log.ListAsync(null, null, 10, default));
    }

    [Fact]
    public async Task The_newest_come_first_by_user_and_by_tool()
    {
        await Log.AddAsync([Entry(0, "ann"), Entry(1, "bob"), Entry(2, "ann") with { Tool = "get_limits" }, Entry(3, "ann")], default);

        Assert.Equal([3, 2], (await Log.ListAsync("ann", null, 2, default)).Select(entry => entry.At.Minute));
        Assert.Equal([2], (await Log.ListAsync(null, "get_limits", 10, default)).Select(entry => entry.At.Minute));
        Assert.Empty(await Log.ListAsync("' OR 1=1 --", null, 10, default));
    }

    [Fact]
    public async Task Only_what_is_older_is_removed_some_at_a_time()
    {
        var old = Enumerable.Range(0, 5_000).Select(_ => Entry(0, "ann")).ToList();
        await Log.AddAsync(old, default);
        await Log.AddAsync([Entry(5, "ann"), Entry(6, "ann")], default);

        var removed = new List<int>();
        do
        {
            removed.Add(await Log.PruneAsync(Samples.Noon.AddMinutes(5), default));
        }
        while (removed[^1] > 0);

        Assert.Equal(old.Count, removed.Sum());
        Assert.True(removed.Count > 2);
        Assert.Equal([6, 5], (await Log.ListAsync(null, null, 10, default)).Select(entry => entry.At.Minute));
    }

    private static AuditEntry Entry(int minute, string? user) => new(
        Samples.Noon.AddMinutes(minute), user, "127.0.0.1", "http", "list_desks", "*", "desk", "ok", "req_1", TimeSpan.FromMicroseconds(1234), "order_by", null);

    public sealed class OnSqlite() : AuditLogTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : AuditLogTests(TestServer.MariaDb);
}
