using RiskMonitor.Risk.Access;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class UserStoreTests(TestServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private IUserStore Users => _database.Get<IUserStore>();

    public async ValueTask InitializeAsync() => _database = await server.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_user_is_kept_with_every_right_and_without_the_key()
    {
        var key = ApiKey.New();
        var user = new RiskUser("Žofie 王", Role.RiskManager, ["Zinsen, Köln/短期", "\"FX\" '; DROP TABLE users; --"], Clearance.Desk);
        await Users.AddAsync(user, KeyHash.Of(key), "cli:root", default);

        var stored = Assert.Single(await Users.ListAsync(default));

        Assert.Equal((user.Name, user.Role, user.Clearance), (stored.User.Name, stored.User.Role, stored.User.Clearance));
        Assert.Equal(user.Desks, stored.User.Desks);
        Assert.True(stored.Key.IsOf(key));
        Assert.Equal(("cli:root", (DateTimeOffset?)null), (stored.AddedBy, stored.RevokedAt));
        var secret = key.Reveal()[^43..];
        foreach (var bytes in await StoredAsync())
        {
            Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(bytes));
        }
    }

    [Fact]
    public async Task All_desks_and_no_desk_are_not_the_same()
    {
        await Users.AddAsync(new RiskUser("all", Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default);
        var nobody = await Assert.ThrowsAsync<ArgumentException>(() =>
            Users.AddAsync(new RiskUser("none", Role.Viewer, [], Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default));

        Assert.Null(Assert.Single(await Users.ListAsync(default)).User.Desks);
        Assert.Contains("would see nothing", nobody.Message);
    }

    [Fact]
    public async Task A_name_is_taken_until_it_is_revoked_and_its_history_stays()
    {
        var (ann, changes) = (new RiskUser("ann", Role.Viewer, null, Clearance.Desk), Users.Changes);
        await Users.AddAsync(ann, KeyHash.Of(ApiKey.New()), "test", default);
        await Assert.ThrowsAsync<UserExistsException>(() => Users.AddAsync(ann, KeyHash.Of(ApiKey.New()), "test", default));

        Assert.True(await Users.RevokeAsync("ann", "cli:root", default));
        Assert.False(await Users.RevokeAsync("ann", "cli:root", default));
        Assert.False(await Users.RevokeAsync("nobody", "cli:root", default));
        await Users.AddAsync(ann, KeyHash.Of(ApiKey.New()), "test", default);

        var all = await Users.ListAsync(default);
        Assert.Equal(["cli:root", null], all.Select(stored => stored.RevokedBy));
        Assert.Single(all, stored => stored.RevokedAt is null);
        Assert.True(Users.Changes > changes);
    }

    [Fact]
    public async Task A_user_gets_other_rights_with_another_key_and_the_key_before_ends_in_the_same_step()
    {
        var (ann, before, after) = (new RiskUser("ann", Role.Viewer, ["Rates"], Clearance.Desk), KeyHash.Of(ApiKey.New()), KeyHash.Of(ApiKey.New()));
        await Users.AddAsync(ann, before, "test", default);
        await Users.AddAsync(new RiskUser("bob", Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default);

        var stored = await Users.ReplaceAsync(ann with { Role = Role.Operator, Desks = null }, after, before.KeyId, "root", default);

        Assert.Equal((Role.Operator, after.KeyId, "root"), (stored!.User.Role, stored.Key.KeyId, stored.AddedBy));
        var keys = (await Users.ListAsync(default)).Where(user => user.User.Name == "ann").ToDictionary(user => user.Key.KeyId);
        Assert.Equal(("root", Role.Viewer), (keys[before.KeyId].RevokedBy, keys[before.KeyId].User.Role));
        Assert.Equal(((string?)null, Role.Operator, (IReadOnlyList<string>?)null), (keys[after.KeyId].RevokedBy, keys[after.KeyId].User.Role, keys[after.KeyId].User.Desks));

        // A key that has ended is not replaced, nor is that of somebody else; and a name that is not right leaves all as it is.
        Assert.Null(await Users.ReplaceAsync(ann, KeyHash.Of(ApiKey.New()), before.KeyId, "root", default));
        Assert.Null(await Users.ReplaceAsync(new RiskUser("bob", Role.Admin, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), after.KeyId, "root", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Users.ReplaceAsync(ann with { Desks = [] }, KeyHash.Of(ApiKey.New()), after.KeyId, "root", default));
        Assert.Equal(3, (await Users.ListAsync(default)).Count);

        Assert.False(await Users.RevokeKeyAsync(before.KeyId, "root", default));
        Assert.True(await Users.RevokeKeyAsync(after.KeyId, "root", default));
        Assert.Equal("bob", Assert.Single(await Users.ListAsync(default), user => user.RevokedAt is null).User.Name);
    }

    [Theory]
    [InlineData("ANN")]
    [InlineData("a nn")]
    [InlineData("аnn")]
    [InlineData("ａnn")]
    public async Task A_name_that_looks_like_another_is_taken_too(string name)
    {
        await Users.AddAsync(new RiskUser("ann", Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default);

        await Assert.ThrowsAnyAsync<Exception>(() => Users.AddAsync(new RiskUser(name, Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default));

        Assert.Equal("ann", Assert.Single(await Users.ListAsync(default)).User.Name);
        await Users.RevokeAsync("ann", "test", default);
        await Users.AddAsync(new RiskUser("Ann", Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default);
    }

    [Fact]
    public async Task Another_process_sees_users_at_once()
    {
        await Users.AddAsync(new RiskUser("ann", Role.Admin, null, Clearance.Trader), KeyHash.Of(ApiKey.New()), "test", default);
        await using var other = await _database.OpenAgainAsync();

        await other.Get<IUserStore>().RevokeAsync("ann", "other", default);

        Assert.NotNull(Assert.Single(await Users.ListAsync(default)).RevokedAt);
    }

    /// <summary>Everything that the database has stored of users: its files, or the columns.</summary>
    private async Task<IReadOnlyList<byte[]>> StoredAsync() => _database.IsMySql
        ? (await _database.RowsAsync("SELECT * FROM users", row => Enumerable.Range(0, row.FieldCount).Select(row.GetValue).ToList()))
            .SelectMany(row => row).Select(value => value as byte[] ?? System.Text.Encoding.UTF8.GetBytes($"{value}")).ToList()
        : [await ReadAsync(_database.Path), await ReadAsync($"{_database.Path}-wal")];

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public sealed class OnSqlite() : UserStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : UserStoreTests(TestServer.MariaDb);
}
