using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>What several processes do to each other on one server, and what a server does that goes away.</summary>
public sealed class MySqlWriterTests
{
    [Fact]
    public async Task Of_two_processes_that_have_a_desk_open_one_writes()
    {
        await using var first = await TestServer.MariaDb.CreateAsync();
        await using var second = await first.OpenAgainAsync();
        var risks = new[] { new DeskRisk("Rates"), new DeskRisk("Rates") };
        var writers = await Task.WhenAll(new[] { first, second }.Select(async database => (await database.Get<IDeskJournal>().OpenAsync("Rates", default)).Writer));

        // Both append ten records at once.
        var outcomes = await Task.WhenAll(writers.Select((writer, i) => Task.WhenAll(Enumerable.Range(1, 10).Select(n =>
        {
            var append = writer.AppendAsync(Samples.Trade(risks[i], n), default);
            return append.ContinueWith(done => done.Exception?.InnerException, TaskScheduler.Default);
        }))));

        var winner = Assert.Single(outcomes, results => results.All(error => error is null));
        Assert.All(outcomes.Single(results => results != winner), error => Assert.IsType<JournalConflictException>(error));
        Assert.Equal(10, (await first.Journal.LoadAsync("Rates", default)).Tail.Count);
        Assert.Single(await first.RowsAsync("SELECT DISTINCT writer FROM journal", row => row.GetInt64(0)));
    }

    [Fact]
    public async Task Transactions_that_stop_each_other_are_repeated_until_both_are_done()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var storage = database.Get<MySqlStorage>();
        await storage.WriteAsync((_, db) => db.ExecuteAsync("INSERT INTO limit_settings (id, version, profile, horizon) VALUES (1, 0, '', ''), (2, 0, '', '')"), default);
        var attempts = 0;
        using var both = new Barrier();

        await Task.WhenAll(CrossAsync(1, 2), CrossAsync(2, 1));

        Assert.Equal([2L, 2L], await database.RowsAsync("SELECT version FROM limit_settings ORDER BY id", row => row.GetInt64(0)));
        Assert.True(attempts > 2, "the transactions did not stop each other");

        // Each locks one row, waits until the other has locked the other one, and then wants that, too.
        Task<bool> CrossAsync(int one, int other) => storage.WriteAsync(
            async (_, db) =>
            {
                Interlocked.Increment(ref attempts);
                await db.ExecuteAsync("UPDATE limit_settings SET version = version + 1 WHERE id = @Id", new { Id = one });
                await both.ArriveAsync();
                await db.ExecuteAsync("UPDATE limit_settings SET version = version + 1 WHERE id = @Id", new { Id = other });
                return true;
            },
            default);
    }

    [Fact]
    public async Task A_change_that_commits_late_is_not_missed()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        var queries = other.Get<IAlertQueries>();
        var early = Samples.Alert("early");
        await database.Get<IAlertStore>().SaveAsync(early, [], default);
        var seen = (await queries.ChangesAsync(null, 10, default)).End;
        var late = Samples.Alert("late");
        var (hasWritten, mayCommit) = (new TaskCompletionSource(), new TaskCompletionSource());

        // The first one to change is the last one to commit.
        var slow = database.Get<MySqlStorage>().WriteAsync(
            async (_, db) =>
            {
                await db.ExecuteAsync("UPDATE alerts SET version = version + 1, `change` = -1 WHERE alert_id = @Id", new { Id = early.AlertId.Stored() });
                hasWritten.SetResult();
                await mayCommit.Task;
                return true;
            },
            default);
        await hasWritten.Task;
        await database.Get<IAlertStore>().SaveAsync(late, [], default);
        var first = await queries.ChangesAsync(seen, 10, default);
        mayCommit.SetResult();
        await slow;
        var second = await queries.ChangesAsync(first.End, 10, default);

        Assert.Equal([late.AlertId], first.Alerts.Select(change => change.AlertId));
        Assert.Equal([early.AlertId], second.Alerts.Select(change => change.AlertId));
    }

    [Fact]
    public async Task Two_processes_cannot_both_store_limits_that_overlap()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        var puts = new[] { (database, "a"), (other, "b") }.Select(put => put.Item1.Get<ILimitStore>().PutAsync(Samples.Limit(put.Item2, 5m), default));
        var outcomes = await Task.WhenAll(puts.Select(put => put.ContinueWith(done => done.Exception?.InnerException, TaskScheduler.Default)));

        Assert.IsType<LimitOverlapException>(Assert.Single(outcomes, error => error is not null));
        Assert.Single(await database.Get<ILimitStore>().ListAsync(default));
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_one_schema()
    {
        var server = await SharedMariaDb.GetAsync();
        await server.ExecuteAsync("CREATE DATABASE made_by_three");
        var databases = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestDatabase.OpenMySqlAsync(server.ConnectionString("made_by_three"), null, null, () => Task.CompletedTask)));

        Assert.Equal(
            MySqlSchema.Scripts.All.Select(script => script.Number), await databases[0].RowsAsync("SELECT version FROM schema_version ORDER BY version", row => row.GetInt32(0)));
        Assert.Equal(3, databases.Select(database => database.Get<MySqlStorage>().NextWriter()).Distinct().Count());
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_migration_that_broke_off_goes_on_where_it_stopped()
    {
        var server = await SharedMariaDb.GetAsync();
        await server.ExecuteAsync("CREATE DATABASE broke_off");
        await using (await TestDatabase.OpenMySqlAsync(server.ConnectionString("broke_off"), null, null, () => Task.CompletedTask))
        {
        }

        await server.ExecuteAsync("DELETE FROM schema_version; DROP TABLE audit_log; DROP TABLE OrleansStorage", "broke_off");
        await using var database = await TestDatabase.OpenMySqlAsync(server.ConnectionString("broke_off"), null, null, () => Task.CompletedTask);
        Assert.Empty(await database.RowsAsync("SELECT n FROM audit_log", row => row.GetInt64(0)));
    }

    [Fact]
    public async Task A_newer_schema_or_a_wrong_password_stops_the_start_and_says_what_to_do()
    {
        var server = await SharedMariaDb.GetAsync();
        await server.ExecuteAsync("CREATE DATABASE of_the_future; CREATE TABLE of_the_future.schema_version (version INT NOT NULL PRIMARY KEY, name VARCHAR(200)); INSERT INTO of_the_future.schema_version VALUES (999, 'x')");
        var newer = await RefusedAsync(server.ConnectionString("of_the_future"));
        var password = await RefusedAsync(new MySqlConnectionStringBuilder(server.ConnectionString("of_the_future")) { Password = "wrong" }.ConnectionString);
        var unknown = await RefusedAsync(server.ConnectionString("no_such_database"));

        Assert.Contains("run the version that wrote it", newer);
        Assert.Contains("Give the right user and password in MySql:ConnectionString", password);
        Assert.DoesNotContain("wrong", password);
        Assert.Contains("Create the database", unknown);
    }

    [Fact]
    public async Task Writes_survive_a_server_that_restarts_and_one_that_crashes()
    {
        SharedMariaDb.SkipWhereMissing();
        await using var server = await MariaDbServer.StartAsync();
        await server.ExecuteAsync("CREATE DATABASE restarts");
        await server.StopAsync();

        // The server is not there when the process starts.
        var opening = TestDatabase.OpenMySqlAsync(server.ConnectionString("restarts"), null, null, () => Task.CompletedTask);
        await server.StartProcessAsync();
        await using var database = await opening;

        var journal = database.Get<IDeskJournal>();
        var risk = new DeskRisk("Rates");
        var answered = 0;
        using var stop = new CancellationTokenSource();
        var trading = TradeAsync();
        await Eventually.IsTrueAsync("records are written", () => Volatile.Read(ref answered) > 20);
        await server.RestartAsync();
        var before = Volatile.Read(ref answered);
        await Eventually.IsTrueAsync("records are written after the restart", () => Volatile.Read(ref answered) > before + 20);
        await server.KillAsync();
        await Eventually.IsTrueAsync("the failure is known", () => database.Get<Risk.Storage.IStorageHealth>().Now.FailingSince is not null);
        await server.StartProcessAsync();
        before = Volatile.Read(ref answered);
        await Eventually.IsTrueAsync("records are written after the crash", () => Volatile.Read(ref answered) > before + 20);
        await stop.CancelAsync();
        await trading;

        Assert.True((await journal.OpenAsync("Rates", default)).Stored.Tail.Count >= answered);
        await Eventually.IsTrueAsync("writes are known to succeed again", () => database.Get<Risk.Storage.IStorageHealth>().Now.FailingSince is null);

        // As a desk does it: after an error it loads itself again, and repeats what is not there.
        async Task TradeAsync()
        {
            IDeskJournalWriter? writer = null;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (writer is null)
                    {
                        var opened = await journal.OpenAsync("Rates", default);
                        (writer, risk) = (opened.Writer, new DeskRisk("Rates"));
                        foreach (var record in opened.Stored.Tail)
                        {
                            risk.Replay(record);
                        }
                    }

                    await writer.AppendAsync(Samples.Trade(risk, answered % 900), default);
                    Interlocked.Increment(ref answered);
                }
                catch (IOException)
                {
                    writer = null;
                }
            }
        }
    }

    private static async Task<string> RefusedAsync(string connectionString)
    {
        await using var services = new ServiceCollection().AddMySqlStorage(options => options.ConnectionString = connectionString).BuildServiceProvider();
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<MySqlStorage>().InitialiseAsync(default))).Message;
    }

    /// <summary>Lets the first two that arrive go on together; whoever comes later goes on at once.</summary>
    private sealed class Barrier : IDisposable
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) >= 2)
            {
                _both.TrySetResult();
            }

            return _both.Task;
        }

        public void Dispose() => _both.TrySetCanceled();
    }
}
