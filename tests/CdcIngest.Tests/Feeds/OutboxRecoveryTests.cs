using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

public sealed class OutboxRecoveryTests : IDisposable
{
    private readonly TradingFile file = new();

    /// <summary>A log begun anew leaves room for what desks may have applied beyond the stored offset.</summary>
    private const long Gap = 1_000_000;

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task A_table_that_was_there_before_the_feed_is_told_as_a_snapshot_and_then_as_it_changes()
    {
        await MakeTableWithoutTriggersAsync();
        file.Run(TradingFile.Insert("P1") + TradingFile.Insert("P2") + TradingFile.Insert("P3", "Credit"));

        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        file.Run("UPDATE positions SET desk = 'FX' WHERE position_id = 'P3'");
        await reading.UntilAsync(r => r.Messages.Count == 4);

        Assert.Equal([SnapshotMark.First, SnapshotMark.Within, SnapshotMark.Last, SnapshotMark.None], reading.Rows.Select(row => row.Snapshot));
        Assert.Equal("Credit", reading.Rows.Last().BeforeDesk);
        Assert.True(reading.Rows.Last().Source!.Value.IsAfter(reading.Rows.First().Source!.Value));
        Assert.Empty(reading.Lost);
    }

    [Fact]
    public async Task A_snapshot_is_the_same_each_time_it_is_read()
    {
        await MakeTableWithoutTriggersAsync();
        file.Run(TradingFile.Insert("P1") + TradingFile.Insert("P2"));

        await using var first = new Reading(file.Feed());
        await first.ToTheEndAsync();
        await using var again = new Reading(file.Feed());
        await again.ToTheEndAsync();

        Assert.Equal(2, first.Messages.Count);
        Assert.Equal(Emitted(first), Emitted(again));
    }

    [Fact]
    public async Task A_single_row_is_the_last_of_its_snapshot()
    {
        await MakeTableWithoutTriggersAsync();
        file.Run(TradingFile.Insert("P1"));

        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();

        Assert.Equal(SnapshotMark.Last, reading.Rows.Single().Snapshot);
    }

    [Fact]
    public async Task A_file_made_anew_is_noticed_and_told_as_a_snapshot_after_the_readers_place()
    {
        var before = await ReadToTheEndAsync(TradingFile.Insert("P1") + TradingFile.Insert("P2") + TradingFile.Insert("P3"));
        file.Delete();
        await file.Feed().PrepareAsync(CancellationToken.None);
        file.Run(TradingFile.Insert("P8") + TradingFile.Insert("P9"));

        await using var reading = new Reading(file.Feed(), from: 4);
        await reading.ToTheEndAsync();

        Assert.Contains("made anew", Assert.Single(reading.Lost), StringComparison.Ordinal);
        Assert.Equal([("P8", SnapshotMark.First, Gap + 4), ("P9", SnapshotMark.Last, Gap + 5)], Snapshot(reading));
        Assert.True(reading.Rows.First().Source!.Value.IsAfter(before.Rows.Last().Source!.Value));
    }

    [Fact]
    public async Task A_file_made_anew_is_noticed_even_when_it_has_grown_beyond_the_readers_place()
    {
        await ReadToTheEndAsync(TradingFile.Insert("P1"));
        file.Delete();
        await file.Feed().PrepareAsync(CancellationToken.None);
        file.Run(TradingFile.Insert("P5") + TradingFile.Insert("P6") + TradingFile.Insert("P7"));

        await using var reading = new Reading(file.Feed(), from: 2);
        await reading.ToTheEndAsync();

        Assert.Single(reading.Lost);
        Assert.Equal([("P5", SnapshotMark.First, Gap + 4), ("P6", SnapshotMark.Within, Gap + 5), ("P7", SnapshotMark.Last, Gap + 6)], Snapshot(reading));
    }

    [Fact]
    public async Task A_backup_put_back_is_noticed()
    {
        await ReadToTheEndAsync(TradingFile.Insert("P1"));

        await using var reading = new Reading(file.Feed(), from: 100);
        await reading.ToTheEndAsync();
        file.Run(TradingFile.Insert("P2"));
        await reading.UntilAsync(r => r.Messages.Count == 2);

        Assert.Contains("restored", Assert.Single(reading.Lost), StringComparison.Ordinal);
        Assert.Equal([("P1", SnapshotMark.Last, Gap + 100), ("P2", SnapshotMark.None, Gap + 101)], Snapshot(reading));
    }

    [Fact]
    public async Task A_file_that_disappears_while_it_is_read_is_followed_again_once_its_owner_has_made_it()
    {
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        var table = file.Ask<string>("SELECT sql FROM sqlite_master WHERE name = 'positions'");
        file.Run(TradingFile.Insert("P1"));
        await reading.UntilAsync(r => r.Messages.Count == 1);

        file.Delete();
        var next = reading.UntilAsync(r => r.Lost.Any());
        file.Run(table);
        await next;
        file.Run(TradingFile.Insert("P2"));
        await reading.UntilAsync(r => r.Rows.Any(row => row.PositionId == "P2"));

        // An empty table has no snapshot rows to say so.
        Assert.Single(reading.Decoded.OfType<DecodedMessage.Truncate>());
        Assert.Equal([1L, Gap + 2, Gap + 3], reading.Messages.Select(message => message.Delivery.Offset));
    }

    [Fact]
    public async Task A_table_that_was_dropped_and_made_again_is_followed()
    {
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        file.Run(TradingFile.Insert("P1") + TradingFile.Insert("P2"));
        await reading.UntilAsync(r => r.Messages.Count == 2);

        var table = file.Ask<string>("SELECT sql FROM sqlite_master WHERE name = 'positions'");
        file.Run($"BEGIN; DROP TABLE positions; {table}; {TradingFile.Insert("P3")} COMMIT;");
        await reading.UntilAsync(r => r.Rows.Any(row => row.PositionId == "P3"));
        file.Run("UPDATE positions SET delta = '3'");
        await reading.UntilAsync(r => r.Rows.Last() is { Snapshot: SnapshotMark.None, After.Delta: 3m });

        Assert.Contains("triggers", Assert.Single(reading.Lost), StringComparison.Ordinal);
        Assert.Equal(SnapshotMark.Last, reading.Rows.Single(row => row is { PositionId: "P3", After.Delta: 10.5m }).Snapshot);
    }

    [Fact]
    public async Task Done_changes_are_removed_and_a_new_reader_gets_a_snapshot_instead()
    {
        var feed = file.Feed(options => (options.BatchSize, options.KeepNewest) = (10, 5));
        await ReadToTheEndAsync(string.Concat(Enumerable.Range(1, 30).Select(i => TradingFile.Insert($"P{i:D2}"))));

        await feed.CommitAsync(new Dictionary<FeedPartition, long> { [new("positions_cdc", 0)] = 31 }, CancellationToken.None);

        Assert.Equal(5, file.Ask<long>("SELECT count(*) FROM positions_outbox"));
        await using var reading = new Reading(feed);
        await reading.ToTheEndAsync();
        Assert.Equal(30, reading.Rows.Count());
        Assert.Equal((SnapshotMark.First, SnapshotMark.Last), (reading.Rows.First().Snapshot, reading.Rows.Last().Snapshot));
        Assert.Equal(Enumerable.Range(31, 30).Select(i => (long)i), reading.Messages.Select(message => message.Delivery.Offset));
        Assert.Empty(reading.Lost);
    }

    [Fact]
    public async Task A_reader_that_comes_too_late_for_removed_changes_is_told_so()
    {
        var feed = file.Feed(options => (options.BatchSize, options.KeepNewest) = (10, 5));
        await ReadToTheEndAsync(string.Concat(Enumerable.Range(1, 30).Select(i => TradingFile.Insert($"P{i:D2}"))));
        await feed.CommitAsync(new Dictionary<FeedPartition, long> { [new("positions_cdc", 0)] = 31 }, CancellationToken.None);

        await using var reading = new Reading(feed, from: 20);
        await reading.UntilAsync(r => r.Rows.Count() == 30);

        Assert.Contains("from 20 to 25", Assert.Single(reading.Lost), StringComparison.Ordinal);
        Assert.Equal(Gap + 31, reading.Messages[0].Delivery.Offset);
    }

    [Fact]
    public async Task A_table_of_another_shape_is_refused_with_the_missing_columns()
    {
        file.Run("CREATE TABLE positions (position_id TEXT PRIMARY KEY, desk TEXT)");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => file.Feed().PrepareAsync(CancellationToken.None));

        Assert.Contains("no column trader_id, security_id, quantity, delta, entry_date, currency, created_at, updated_at", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Feed:Outbox:Path", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_its_name()
    {
        await File.WriteAllTextAsync(file.Path, new string('x', 5000));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => file.Feed().PrepareAsync(CancellationToken.None));

        Assert.Contains(file.Path, refused.Message, StringComparison.Ordinal);
    }

    [FactWithProgram("sqlite3", "sqlite3")]
    public async Task Trades_made_with_the_sqlite3_command_are_told_like_any_other()
    {
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        // The command does not wait for a lock unless it is told to, and the feed writes into the file, too.
        using var client = ChildProcess.Start("sqlite3", ["-bail", "-cmd", ".timeout 30000", file.Path,
            TradingFile.Insert("P1", "Rates", "1234.5678") + TradingFile.Insert("P1", "Credit", how: "REPLACE")
            + "UPDATE positions SET position_id = 'P2'; DELETE FROM positions;"]);
        await client.WaitForExitAsync();
        Assert.Equal(0, client.ExitCode);
        await reading.UntilAsync(r => r.Messages.Count == 5);

        Assert.Equal(
            [(null, "Rates", 1234.5678m), ("Rates", "Credit", 10.5m), ("Credit", null, null), (null, "Credit", 10.5m), ("Credit", null, null)],
            reading.Rows.Select(row => (row.BeforeDesk, row.After?.Desk, row.After?.Delta)));
    }

    private async Task MakeTableWithoutTriggersAsync()
    {
        await file.Feed().PrepareAsync(CancellationToken.None);
        var table = file.Ask<string>("SELECT sql FROM sqlite_master WHERE name = 'positions'");
        file.Delete();
        file.Run(table);
    }

    private async Task<Reading> ReadToTheEndAsync(string trades)
    {
        await file.Feed().PrepareAsync(CancellationToken.None);
        file.Run("BEGIN;" + trades + "COMMIT;");
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        return reading;
    }

    private static IEnumerable<(string, SnapshotMark, long)> Snapshot(Reading reading) =>
        reading.Rows.Zip(reading.Messages, (row, message) => (row.PositionId, row.Snapshot, message.Delivery.Offset));

    private static IEnumerable<(Delivery, string)> Emitted(Reading reading) =>
        reading.Messages.Select(message => (message.Delivery, System.Text.Encoding.UTF8.GetString(message.Value.Span)));
}
