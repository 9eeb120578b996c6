using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class SqliteWriterTests
{
    [Fact]
    public async Task A_write_that_fails_leaves_no_trace_and_the_others_of_its_group_commit()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        using var gate = new ManualResetEventSlim();
        var first = await HoldWriterAsync(database, gate);

        // These stand behind the first and share one commit.
        var good = AddAsync(database, 1);
        var bad = database.Storage.WriteAsync<int>(
            session =>
            {
                session.Execute("INSERT INTO numbers (n) VALUES (?1)", 2);
                return session.Execute("INSERT INTO numbers (n) VALUES (?1)", 1);
            },
            CancellationToken.None);
        var alsoGood = AddAsync(database, 3);
        gate.Set();

        await Task.WhenAll(first, good, alsoGood);
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Equal([1, 3], await NumbersAsync(database));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task A_group_runs_again_only_where_a_write_that_failed_had_changed_something(bool changesSomething, int runs)
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        using var gate = new ManualResetEventSlim();
        var first = await HoldWriterAsync(database, gate);
        var ran = 0;
        var good = database.Storage.WriteAsync(
            session =>
            {
                ran++;
                return session.Execute("INSERT INTO numbers (n) VALUES (?1)", 1);
            },
            CancellationToken.None);
        var refused = database.Storage.WriteAsync<int>(
            session =>
            {
                if (changesSomething)
                {
                    session.Execute("INSERT INTO numbers (n) VALUES (?1)", 2);
                }

                throw new ArgumentException("refused");
            },
            CancellationToken.None);
        gate.Set();

        await first;
        Assert.Equal(1, await good);
        await Assert.ThrowsAsync<ArgumentException>(() => refused);
        Assert.Equal([1], await NumbersAsync(database));
        Assert.Equal(runs, ran);
    }

    [Fact]
    public async Task Writes_that_wait_share_a_commit()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        var groups = new List<int>();
        using var listener = new MeterListener();
        var meters = database.Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "storage_group_writes" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) => groups.Add(size));
        listener.Start();

        using var gate = new ManualResetEventSlim();
        var first = await HoldWriterAsync(database, gate);
        var others = Enumerable.Range(1, 50).Select(n => AddAsync(database, n)).ToList();
        gate.Set();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, 50], groups);
    }

    [Fact]
    public async Task Every_answered_write_survives_a_crash()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        await Task.WhenAll(Enumerable.Range(1, 200).Select(n => AddAsync(database, n)));

        await using var afterwards = await database.CrashAsync();
        Assert.Equal(Enumerable.Range(1, 200), await NumbersAsync(afterwards));
    }

    [Fact]
    public async Task An_unanswered_write_leaves_nothing_of_itself_in_a_crash()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        await AddAsync(database, 1);
        using var gate = new ManualResetEventSlim();
        using var begun = new SemaphoreSlim(0);
        var unanswered = database.Storage.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO numbers (n) VALUES (?1)", 2);
                begun.Release();
                return Waiting(gate)(session);
            },
            CancellationToken.None);
        await begun.WaitAsync();

        await using var afterwards = await database.CrashAsync();
        Assert.Equal([1], await NumbersAsync(afterwards));
        gate.Set();
        await unanswered;
    }

    [Fact]
    public async Task Closing_commits_what_was_queued()
    {
        await using var database = await TestDatabase.CreateAsync(options => options.QueueCapacity = 10);
        await CreateTableAsync(database);
        await using var process = await database.OpenAgainAsync();
        var writes = Enumerable.Range(1, 100).Select(n => AddAsync(process, n)).ToList();
        await process.DisposeAsync();

        await Task.WhenAll(writes);
        Assert.Equal(Enumerable.Range(1, 100), await NumbersAsync(database));
    }

    [Fact]
    public async Task A_write_after_closing_says_that_nothing_was_written()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        await database.Storage.DisposeAsync();

        var error = await Assert.ThrowsAsync<StorageWriteException>(() => AddAsync(database, 1));
        Assert.False(error.OutcomeUnknown);
    }

    [Fact]
    public async Task More_writes_than_the_queue_holds_keep_their_order()
    {
        await using var database = await TestDatabase.CreateAsync(options =>
        {
            options.QueueCapacity = 2;
            options.MaxGroup = 3;
        });
        await CreateTableAsync(database);
        var order = new List<int>();
        var writes = Enumerable.Range(1, 500).Select(n => database.Storage.WriteAsync(
            session =>
            {
                order.Add(n);
                return session.Execute("INSERT INTO numbers (n) VALUES (?1)", n);
            },
            CancellationToken.None));
        await Task.WhenAll(writes.ToList());

        Assert.Equal(Enumerable.Range(1, 500), order);
    }

    [Fact]
    public async Task A_write_that_its_caller_gave_up_before_it_began_is_not_done()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        using var gate = new ManualResetEventSlim();
        using var cancelled = new CancellationTokenSource();
        var first = await HoldWriterAsync(database, gate);
        var given = database.Storage.WriteAsync(session => session.Execute("INSERT INTO numbers (n) VALUES (?1)", 1), cancelled.Token);
        await cancelled.CancelAsync();
        gate.Set();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Empty(await NumbersAsync(database));
    }

    [Fact]
    public async Task A_database_locked_by_another_process_fails_the_write_in_time_and_the_next_one_works()
    {
        await using var database = await TestDatabase.CreateAsync(options => options.BusyTimeout = TimeSpan.FromMilliseconds(50));
        await CreateTableAsync(database);
        await using var other = await database.OpenAgainAsync();
        using var gate = new ManualResetEventSlim();
        var holding = await HoldWriterAsync(other, gate);

        var error = await Assert.ThrowsAsync<StorageWriteException>(() => AddAsync(database, 1));
        Assert.False(error.OutcomeUnknown);
        gate.Set();
        await holding;
        await AddAsync(database, 2);
        Assert.Equal([2], await NumbersAsync(database));
    }

    [Fact]
    public async Task A_transaction_that_SQLite_gave_up_fails_its_whole_group_and_the_next_write_works()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);
        using var gate = new ManualResetEventSlim();
        var first = await HoldWriterAsync(database, gate);
        var innocent = AddAsync(database, 1);

        // What a full disk does: everything is rolled back, whichever write it met.
        var unlucky = database.Storage.WriteAsync(session => session.Execute("ROLLBACK"), CancellationToken.None);
        gate.Set();
        await first;

        Assert.False((await Assert.ThrowsAsync<StorageWriteException>(() => unlucky)).OutcomeUnknown);
        Assert.False((await Assert.ThrowsAsync<StorageWriteException>(() => innocent)).OutcomeUnknown);
        await AddAsync(database, 2);
        Assert.Equal([2], await NumbersAsync(database));
    }

    [Fact]
    public async Task When_a_commit_fails_nobody_of_its_group_is_told_that_the_outcome_is_known()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CreateTableAsync(database);

        // Commits the group's transaction, and begins another one whose commit fails: the data is there although the writer's own commit failed.
        var write = database.Storage.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO numbers (n) VALUES (?1)", 1);
                session.Execute("COMMIT");
                session.Pragma("foreign_keys = ON");
                session.Execute("CREATE TABLE parts (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)");
                session.Execute("BEGIN IMMEDIATE");
                return session.Execute("INSERT INTO parts (n) VALUES (?1)", 99);
            },
            CancellationToken.None);

        Assert.True((await Assert.ThrowsAsync<StorageWriteException>(() => write)).OutcomeUnknown);
        await AddAsync(database, 2);
        Assert.Equal([1, 2], await NumbersAsync(database));
    }

    [Fact]
    public async Task Two_processes_write_to_one_database_at_the_same_time()
    {
        await using var database = await TestDatabase.CreateAsync(options => options.BusyTimeout = TimeSpan.FromSeconds(30));
        await CreateTableAsync(database);
        await using var other = await database.OpenAgainAsync(options => ((SqliteStorageOptions)options).BusyTimeout = TimeSpan.FromSeconds(30));
        await Task.WhenAll(WriteOneByOneAsync(database, 1), WriteOneByOneAsync(other, 101));

        Assert.Equal(Enumerable.Range(1, 200), await NumbersAsync(database));

        static async Task WriteOneByOneAsync(TestDatabase database, int first)
        {
            for (var n = first; n < first + 100; n++)
            {
                await AddAsync(database, n);
            }
        }
    }

    /// <summary>A group of one that does not end before the gate opens: what is written meanwhile makes the next group.</summary>
    private static async Task<Task> HoldWriterAsync(TestDatabase database, ManualResetEventSlim gate)
    {
        using var begun = new SemaphoreSlim(0);
        var holding = database.Storage.WriteAsync(
            session =>
            {
                begun.Release();
                return Waiting(gate)(session);
            },
            CancellationToken.None);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30)));
        return holding;
    }

    private static Func<SqliteSession, int> Waiting(ManualResetEventSlim gate) => _ =>
    {
        Assert.True(gate.Wait(TimeSpan.FromSeconds(30)));
        return 0;
    };

    private static Task CreateTableAsync(TestDatabase database) =>
        database.Storage.WriteAsync(session => session.Execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)"), CancellationToken.None);

    private static Task<int> AddAsync(TestDatabase database, int n) =>
        database.Storage.WriteAsync(session => session.Execute("INSERT INTO numbers (n) VALUES (?1)", n), CancellationToken.None);

    private static Task<List<int>> NumbersAsync(TestDatabase database) =>
        database.Storage.ReadAsync(session => session.List("SELECT n FROM numbers ORDER BY n", row => row.GetInt32(0)), CancellationToken.None);
}
