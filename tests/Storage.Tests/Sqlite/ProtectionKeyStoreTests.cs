using RiskMonitor.Risk.Access;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>Keys that every frontend has to know.</summary>
public abstract class ProtectionKeyStoreTests(TestServer server)
{
    [Fact]
    public async Task Keys_are_kept_as_they_are_and_adding_one_again_changes_nothing()
    {
        await using var database = await server.CreateAsync();
        var (first, second) = (new ProtectionKey("key-1", "<key id=\"1\">é 王</key>"), new ProtectionKey("key-2", "<key/>"));
        await Keys(database).AddAsync(first, default);
        await Keys(database).AddAsync(first with { Xml = "<other/>" }, default);
        await Keys(database).AddAsync(second, default);

        Assert.Equal([first, second], await Keys(database).ListAsync(default));
    }

    [Fact]
    public async Task Of_processes_that_start_at_once_one_adds_the_first_key()
    {
        await using var database = await server.CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Keys(database).AddFirstAsync(new ProtectionKey($"key-{i}", "<key/>"), default)));

        Assert.Single(await Keys(database).ListAsync(default));
    }

    private static IProtectionKeyStore Keys(TestDatabase database) => database.Get<IProtectionKeyStore>();

    public sealed class OnSqlite() : ProtectionKeyStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : ProtectionKeyStoreTests(TestServer.MariaDb);
}
