using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>A disk that is full, and reads that are slow.</summary>
public sealed class HealthTests
{
    private const string Slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n";

    [Fact]
    public async Task A_full_disk_is_told_and_is_over_by_itself_when_there_is_space()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Storage.WriteAsync(session => session.Execute("CREATE TABLE filler (bytes BLOB)"), CancellationToken.None);
        Assert.Null(database.Storage.Health.Now.FailingSince);
        await database.Storage.WriteAsync(session => Pages(session, "page_count"), CancellationToken.None);

        var failure = await Assert.ThrowsAsync<StorageWriteException>(() => FillAsync(database));

        Assert.IsAssignableFrom<IOException>(failure);
        Assert.NotNull(database.Storage.Health.Now.FailingSince);

        // Space comes back; nobody writes, and yet it is noticed.
        await Eventually.SucceedsAsync("the limit is lifted", () => database.Storage.WriteAsync(session => Pages(session, "1000000"), CancellationToken.None));
        await Eventually.IsTrueAsync("writes are known to succeed again", () => database.Storage.Health.Now.FailingSince is null);

        Assert.Null(database.Storage.Health.Now.FailingSince);
    }

    [Fact]
    public async Task A_database_file_that_was_moved_away_takes_no_writes_until_it_is_back()
    {
        await using var database = await TestDatabase.CreateAsync();
        var away = $"{database.Path}.away";
        File.Move(database.Path, away);

        var failure = await Assert.ThrowsAsync<StorageWriteException>(() => WriteAsync(database, "a"));

        Assert.False(failure.OutcomeUnknown);
        Assert.NotNull(database.Storage.Health.Now.FailingSince);
        // Neither a write nor a read makes an empty one in its place.
        await Task.WhenAny(database.Storage.ReadAsync(session => session.Scalar("SELECT 1"), CancellationToken.None));
        Assert.False(File.Exists(database.Path));

        File.Move(away, database.Path);
        await Eventually.IsTrueAsync("writes are known to succeed again", () => database.Storage.Health.Now.FailingSince is null);
        Assert.Equal(1, await WriteAsync(database, "b"));
    }

    [Fact]
    public async Task Slow_questions_hold_up_neither_look_ups_nor_grains_and_end()
    {
        await using var database = await TestDatabase.CreateAsync(options => options.QueryTimeout = TimeSpan.FromSeconds(2));
        var slow = Enumerable.Range(0, 12).Select(_ => database.Storage.ReadAsync(ReadPool.Query, session => session.Scalar(Slow), CancellationToken.None)).ToList();

        Assert.Equal(1L, await database.Storage.ReadAsync(ReadPool.LookUp, session => session.Scalar("SELECT 1"), CancellationToken.None));
        Assert.Equal(1L, await database.Storage.ReadAsync(ReadPool.Activation, session => session.Scalar("SELECT 1"), CancellationToken.None));
        Assert.DoesNotContain(slow, read => read.IsCompletedSuccessfully);
        await Assert.ThrowsAsync<TimeoutException>(() => slow[0]);
    }

    [Fact]
    public async Task A_question_that_nobody_waits_for_any_more_frees_its_connection()
    {
        await using var database = await TestDatabase.CreateAsync(options => (options.MaxReaders, options.QueryTimeout) = (1, TimeSpan.FromMinutes(10)));
        using var givenUp = new CancellationTokenSource();
        var slow = database.Storage.ReadAsync(ReadPool.Query, session => session.Scalar(Slow), givenUp.Token);
        var next = database.Storage.ReadAsync(ReadPool.Query, session => session.Scalar("SELECT 1"), CancellationToken.None);

        await givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.Equal(1L, await next.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>The limit holds for the writing connection until it is closed.</summary>
    private static bool Pages(SqliteSession session, string most)
    {
        session.Pragma($"max_page_count = {(most == "page_count" ? session.Scalar("PRAGMA page_count") : most)}");
        return true;
    }

    private static Task<int> WriteAsync(TestDatabase database, string key) => database.Storage.WriteAsync(
        session => session.Execute($"INSERT INTO grain_state (type_name, grain_key, version, payload) VALUES ('test', '{key}', 1, x'00')"), CancellationToken.None);

    private static Task<int> FillAsync(TestDatabase database) =>
        database.Storage.WriteAsync(session => session.Execute("INSERT INTO filler (bytes) VALUES (zeroblob(1000000))"), CancellationToken.None);
}
