using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class DeskJournalTests(TestServer server)
{
    private const string Desk = "Rates/EMEA \u00e4\u6f22";

    [Fact]
    public async Task A_desk_that_nobody_has_heard_of_is_unknown_and_in_no_catalogue()
    {
        await using var database = await server.CreateAsync();

        Assert.True((await Journal(database).LoadAsync(Desk, default)).IsUnknown);
        Assert.Empty(await Journal(database).DesksAsync(default));
    }

    [Fact]
    public async Task What_was_appended_is_loaded_again_by_the_next_process()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        JournalRecord[] records = [Samples.FirstRecord(risk), Samples.Trade(risk, 1_700m), Samples.Trade(risk, null)];
        await AppendAsync(database, records);

        await using var next = await database.OpenAgainAsync();
        var stored = await Journal(next).LoadAsync(Desk, default);
        Assert.Null(stored.Checkpoint);
        Assert.Empty(stored.Positions);
        Assert.Equal(records.Select(Shape.Of), stored.Tail.Select(Shape.Of));
    }

    [Fact]
    public async Task A_desk_is_in_the_catalogue_with_the_limits_by_which_it_last_judged()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        var record = Samples.FirstRecord(risk) with { NextValidityInstant = Samples.Noon.AddHours(1) };
        await AppendAsync(database, record);
        Assert.Equal([new DeskHead(Desk, 1, Samples.Noon.AddHours(1))], await Journal(database).DesksAsync(default));

        await AppendAsync(database, Samples.Trade(risk, 5m) with { LimitsVersion = 2 });
        Assert.Equal([new DeskHead(Desk, 2, null)], await Journal(database).DesksAsync(default));
    }

    [Fact]
    public async Task A_writer_is_superseded_once_another_one_has_written_the_desk_since_it_was_opened()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Get<IDeskJournal>();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.FirstRecord(risk));
        var (one, other) = ((await journal.OpenAsync(Desk, default)).Writer, (await journal.OpenAsync(Desk, default)).Writer);
        var ofNobody = (await journal.OpenAsync("new", default)).Writer;
        var names = Enumerable.Range(0, 1_200).Select(i => $"nobody {i}").Append("new").Append(Desk).ToList();

        var loaded = await database.Get<IDeskJournalReader>().HeadsAsync(names, default);
        await one.AppendAsync(Samples.Trade(risk, 5m), default);
        await AppendAsync(database, Samples.FirstRecord(new DeskRisk("new")));
        var written = await database.Get<IDeskJournalReader>().HeadsAsync(names, default);

        Assert.Equal([Desk], loaded.Keys);
        Assert.False(one.IsSuperseded(loaded[Desk]) || other.IsSuperseded(loaded[Desk]));
        Assert.Equal((2L, 1L), (written[Desk].Sequence, written["new"].Sequence));
        Assert.False(one.IsSuperseded(written[Desk]));
        Assert.True(other.IsSuperseded(written[Desk]));
        Assert.True(ofNobody.IsSuperseded(written["new"]));
        Assert.Empty(await database.Get<IDeskJournalReader>().HeadsAsync([], default));
    }

    [Fact]
    public async Task Whether_a_writer_is_superseded_is_known_while_upkeep_reads_for_long()
    {
        await using var database = await server.CreateAsync();
        await AppendAsync(database, Samples.FirstRecord(new DeskRisk(Desk)));
        using var end = new ManualResetEventSlim();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upkeep = Task.Run(() => database.Get<IDatabase>().ReadAsync(
            ReadPool.Upkeep,
            _ =>
            {
                began.SetResult();
                end.Wait();
                return Task.FromResult(true);
            },
            default));
        await began.Task;

        try
        {
            var heads = await database.Get<IDeskJournalReader>().HeadsAsync([Desk], default).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(1, heads[Desk].Sequence);
        }
        finally
        {
            end.Set();
            await upkeep;
        }
    }

    [Fact]
    public async Task Of_two_activations_that_loaded_the_same_desk_only_one_writes()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        await Journal(database).LoadAsync(Desk, default);
        await Journal(other).LoadAsync(Desk, default);
        await AppendAsync(database, Samples.FirstRecord(new DeskRisk(Desk)));

        await Assert.ThrowsAsync<JournalConflictException>(() => AppendAsync(other, Samples.FirstRecord(new DeskRisk(Desk))));
    }

    [Fact]
    public async Task Records_queued_behind_one_that_lost_are_lost_too_though_their_sequence_would_fit()
    {
        await using var database = await server.CreateAsync();
        await using var stale = await database.OpenAgainAsync();
        var risk = new DeskRisk(Desk);
        var staleRisk = new DeskRisk(Desk);
        var first = Samples.FirstRecord(risk);
        await AppendAsync(database, first);
        Samples.FirstRecord(staleRisk);
        await Journal(stale).LoadAsync(Desk, default);

        // The winner's record 2 makes the stale one's record 3 look like the next.
        var winner = Samples.Trade(risk, 10m);
        await AppendAsync(database, winner);
        var second = Journal(stale).AppendAsync(Samples.Trade(staleRisk, 20m), default);
        var third = Journal(stale).AppendAsync(Samples.Trade(staleRisk, 30m), default);

        await Assert.ThrowsAsync<JournalConflictException>(() => second);
        await Assert.ThrowsAsync<JournalConflictException>(() => third);
        Assert.Equal([Shape.Of(first), Shape.Of(winner)], (await Journal(database).LoadAsync(Desk, default)).Tail.Select(Shape.Of));
    }

    [Fact]
    public async Task A_record_taken_back_takes_those_behind_it_along()
    {
        await using var database = await server.CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var risk = new DeskRisk(Desk);
        var first = Journal(database).AppendAsync(Samples.FirstRecord(risk), cancelled.Token);
        var second = Journal(database).AppendAsync(Samples.Trade(risk, 10m), default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAsync<JournalConflictException>(() => second);
        Assert.True((await Journal(database).LoadAsync(Desk, default)).IsUnknown);
    }

    [Fact]
    public async Task Two_activations_behind_one_journal_stop_each_other_instead_of_mixing()
    {
        await using var database = await server.CreateAsync();
        var one = new DeskRisk(Desk);
        var two = new DeskRisk(Desk);
        await AppendAsync(database, Samples.FirstRecord(one));

        await Assert.ThrowsAsync<JournalConflictException>(() => AppendAsync(database, Samples.FirstRecord(two)));
        await Assert.ThrowsAsync<JournalConflictException>(() => AppendAsync(database, Samples.Trade(two, 10m)));
        Assert.Single((await Journal(database).LoadAsync(Desk, default)).Tail);
    }

    [Fact]
    public async Task Two_writers_of_one_process_are_fenced_like_those_of_two()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Get<IDeskJournal>();
        var (first, second) = ((await journal.OpenAsync(Desk, default)).Writer, (await journal.OpenAsync(Desk, default)).Writer);
        await first.AppendAsync(Samples.FirstRecord(new DeskRisk(Desk)), default);

        var late = new DeskRisk(Desk);
        await Assert.ThrowsAsync<JournalConflictException>(() => second.AppendAsync(Samples.FirstRecord(late), default));
        await Assert.ThrowsAsync<JournalConflictException>(() => second.AppendAsync(Samples.Trade(late, 10m), default));
        Assert.False(await second.FoldAsync(Samples.Fold(late), default));
    }

    [Fact]
    public async Task Opening_a_desk_does_not_stop_its_writer()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        var (_, writer) = await database.Get<IDeskJournal>().OpenAsync(Desk, default);
        await writer.AppendAsync(Samples.FirstRecord(risk), default);
        await database.Get<IDeskJournal>().OpenAsync(Desk, default);

        await writer.AppendAsync(Samples.Trade(risk, 10m), default);
        Assert.Equal(2, (await Journal(database).LoadAsync(Desk, default)).Tail.Count);
    }

    [Fact]
    public async Task A_desk_that_lost_goes_on_after_loading_again()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        var risk = new DeskRisk(Desk);
        await Journal(other).LoadAsync(Desk, default);
        await AppendAsync(database, Samples.FirstRecord(risk));
        await Assert.ThrowsAsync<JournalConflictException>(() => AppendAsync(other, Samples.FirstRecord(new DeskRisk(Desk))));

        await Journal(other).LoadAsync(Desk, default);
        await AppendAsync(other, Samples.Trade(risk, 10m));
        Assert.Equal(2, (await Journal(database).LoadAsync(Desk, default)).Tail.Count);
    }

    [Fact]
    public async Task A_conflict_of_one_desk_does_not_touch_the_others_of_its_group()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        await Journal(database).LoadAsync("taken", default);
        await AppendAsync(other, Samples.FirstRecord(new DeskRisk("taken")));
        var appends = new[] { "a", "taken", "b" }.Select(desk => AppendAsync(database, Samples.FirstRecord(new DeskRisk(desk)))).ToList();

        await Assert.ThrowsAsync<JournalConflictException>(() => appends[1]);
        await Task.WhenAll(appends[0], appends[2]);
        Assert.Equal(["a", "b", "taken"], (await Journal(database).DesksAsync(default)).Select(head => head.Desk));
    }

    [Fact]
    public async Task Many_desks_that_append_without_waiting_keep_the_order_of_each()
    {
        await using var database = await server.CreateAsync();
        var desks = Enumerable.Range(1, 8).Select(i => new DeskRisk($"desk-{i}")).ToList();
        await Task.WhenAll(desks.Select(risk => Task.Run(async () =>
        {
            var appends = new List<Task> { AppendAsync(database, Samples.FirstRecord(risk)) };
            appends.AddRange(Enumerable.Range(1, 100).Select(n => AppendAsync(database, Samples.Trade(risk, n))));
            await Task.WhenAll(appends);
        })));

        foreach (var risk in desks)
        {
            var stored = await Journal(database).LoadAsync(risk.Desk, default);
            Assert.Equal(Enumerable.Range(1, 101).Select(n => (long)n), stored.Tail.Select(record => record.Sequence));
        }
    }

    private static TestJournal Journal(TestDatabase database) => database.Journal;

    private static Task AppendAsync(TestDatabase database, params IReadOnlyList<JournalRecord> records) =>
        Task.WhenAll(records.Select(record => Journal(database).AppendAsync(record, default)).ToList());

    public sealed class OnSqlite() : DeskJournalTests(TestServer.Sqlite)
    {
        [Fact]
        public async Task A_crash_keeps_every_answered_record()
        {
            await using var database = await TestDatabase.CreateAsync();
            var risk = new DeskRisk(Desk);
            await AppendAsync(database, Samples.FirstRecord(risk), Samples.Trade(risk, 1_700m));

            await using var afterwards = await database.CrashAsync();
            Assert.Equal(2, (await Journal(afterwards).LoadAsync(Desk, default)).Tail.Count);
            Assert.Single(await Journal(afterwards).UnsentAsync(null, 10, default));
        }
    }

    public sealed class OnMariaDb() : DeskJournalTests(TestServer.MariaDb);
}
