using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

public sealed class OutboxFeedTests : IDisposable
{
    private readonly TradingFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task A_trade_is_told_as_soon_as_it_is_committed()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "利率 O''Brien\"", "NULL"));
        await reading.UntilAsync(r => r.Messages.Count == 1);

        var row = reading.Rows.Single();
        Assert.Equal(("P1", "利率 O'Brien\"", 1m, null), (row.After!.PositionId, row.After.Desk, row.After.Quantity, row.After.Delta));
        Assert.Equal((SnapshotMark.None, true, 1L), (row.Snapshot, row.MarksDeletes, row.Source!.Value.Offset));
        Assert.Equal(new Delivery("positions_cdc", 0, 1), reading.Messages[0].Delivery);
        Assert.InRange(row.Time!.Value.CommittedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task An_update_says_which_desk_the_position_left()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "Rates"));
        file.Run("UPDATE positions SET desk = 'Credit' WHERE position_id = 'P1'");
        await reading.UntilAsync(r => r.Messages.Count == 2);

        Assert.Equal([(null, "Rates"), ("Rates", "Credit")], reading.Rows.Select(row => (row.BeforeDesk, row.After!.Desk)));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_not_told_and_one_that_leaves_the_time_alone_gets_the_current_one()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1"));
        file.Run("UPDATE positions SET updated_at = '2020-01-01T00:00:00Z'");
        file.Run("UPDATE positions SET delta = delta");
        file.Run("UPDATE positions SET delta = '11.5'");
        await reading.UntilAsync(r => r.Messages.Count == 3);

        var times = reading.Rows.Select(row => row.After!.UpdatedAt!.Value).ToList();
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), times[1]);
        Assert.True(times[2] >= times[0]);
    }

    [Fact]
    public async Task REPLACE_shows_the_row_that_it_replaced()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "Rates"));
        file.Run(TradingFile.Insert("P1", "Credit", how: "REPLACE"));
        file.Run(TradingFile.Insert("P2", "FX", how: "INSERT OR REPLACE"));
        await reading.UntilAsync(r => r.Messages.Count == 3);

        Assert.Equal([(null, "Rates"), ("Rates", "Credit"), (null, "FX")], reading.Rows.Select(row => (row.BeforeDesk, row.After!.Desk)));
    }

    [Fact]
    public async Task REPLACE_shows_the_replaced_row_also_to_a_client_whose_triggers_recurse()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "Rates"));
        file.Run("PRAGMA recursive_triggers = ON;" + TradingFile.Insert("P1", "Credit", how: "REPLACE"));
        await reading.UntilAsync(r => r.Held() is ["P1 Credit 10.5"]);

        Assert.Contains(reading.Rows, row => row.BeforeDesk == "Rates");
    }

    [Fact]
    public async Task An_upsert_is_an_update_and_an_ignored_insert_is_nothing()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "Rates"));
        file.Run(TradingFile.Insert("P1", "Ignored", how: "INSERT OR IGNORE"));
        file.Run(TradingFile.Insert("P2", "FX", how: "INSERT OR IGNORE"));
        file.Run(TradingFile.Insert("P1", "Credit").TrimEnd(';') + " ON CONFLICT (position_id) DO UPDATE SET desk = excluded.desk");
        await reading.UntilAsync(r => r.Messages.Count == 3);

        Assert.Equal([(null, "Rates"), (null, "FX"), ("Rates", "Credit")], reading.Rows.Select(row => (row.BeforeDesk, row.After!.Desk)));
    }

    [Fact]
    public async Task A_changed_key_is_a_delete_and_a_create_and_what_it_replaces_is_shown()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", "Rates") + TradingFile.Insert("P2", "Credit"));
        file.Run("UPDATE positions SET position_id = 'P3' WHERE position_id = 'P1'");
        file.Run("UPDATE OR REPLACE positions SET position_id = 'P2' WHERE position_id = 'P3'");
        await reading.UntilAsync(r => r.Messages.Count == 6);

        Assert.Equal(
            [("P1", "Rates", null), ("P3", null, "Rates"), ("P3", "Rates", null), ("P2", "Credit", "Rates")],
            reading.Rows.Skip(2).Select(row => (row.PositionId, row.BeforeDesk, row.After?.Desk)));
        Assert.Equal(["P2 Rates 10.5"], reading.Held());
    }

    [Fact]
    public async Task Emptying_the_table_deletes_each_row()
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1") + TradingFile.Insert("P2", "Credit"));
        file.Run("DELETE FROM positions");
        await reading.UntilAsync(r => r.Messages.Count == 4);

        Assert.Equal([("P1", "Rates"), ("P2", "Credit")], reading.Rows.Where(row => row.After is null).Select(row => (row.PositionId, row.BeforeDesk!)));
    }

    [Fact]
    public async Task One_statement_over_many_rows_tells_each_at_its_own_place()
    {
        await using var reading = await StartAsync();

        file.Run(
            """
            INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            SELECT printf('P%05d', i), 't', 'Rates', 's', i, i / 8.0, '2026-05-02', 'USD' FROM n;
            UPDATE positions SET position_id = position_id || 'x' WHERE position_id < 'P00003';
            """);
        await reading.UntilAsync(r => r.Messages.Count == 2504);

        Assert.Equal(Enumerable.Range(1, 2504).Select(i => (long)i), reading.Messages.Select(message => message.Delivery.Offset));
        Assert.Equal(Enumerable.Range(1, 2504).Select(i => (long)i), reading.Rows.Select(row => row.Source!.Value.Offset));
        Assert.All(reading.Batches, batch => Assert.True(batch.Messages.Count <= 1000));
        Assert.Equal(312.5m, reading.Rows.Single(row => row.PositionId == "P02500").After!.Delta);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_there()
    {
        await using var reading = await StartAsync();

        file.Run("BEGIN;" + TradingFile.Insert("P1") + "ROLLBACK;");
        file.Run("BEGIN;" + TradingFile.Insert("P2") + "SAVEPOINT s;" + TradingFile.Insert("P3") + "ROLLBACK TO s; COMMIT;");
        await reading.UntilAsync(r => r.Messages.Count == 1);

        Assert.Equal(["P2 Rates 10.5"], reading.Held());
        Assert.Equal(1, reading.Messages[0].Delivery.Offset);
    }

    [Fact]
    public async Task Two_clients_at_once_lose_nothing_and_keep_the_order_of_each()
    {
        await using var reading = await StartAsync();
        Task Trade(string client) => Task.Run(() =>
        {
            using var connection = file.Client();
            TradingFile.Run(connection, TradingFile.Insert(client, delta: "0"));
            for (var i = 1; i <= 200; i++)
            {
                TradingFile.Run(connection, $"UPDATE positions SET delta = '{i}' WHERE position_id = '{client}'");
            }
        });

        await Task.WhenAll(Trade("A"), Trade("B"), reading.UntilAsync(r => r.Messages.Count == 402));

        Assert.Equal(Enumerable.Range(0, 201).Select(i => (decimal?)i), reading.Rows.Where(row => row.PositionId == "A").Select(row => row.After!.Delta));
        Assert.Equal(Enumerable.Range(0, 201).Select(i => (decimal?)i), reading.Rows.Where(row => row.PositionId == "B").Select(row => row.After!.Delta));
        Assert.Equal(Enumerable.Range(1, 402).Select(i => (long)i), reading.Messages.Select(message => message.Delivery.Offset));
    }

    [Theory]
    [InlineData("1234.5", "1234.5")]
    [InlineData("1000", "1000")]
    [InlineData("-0.0001", "-0.0001")]
    [InlineData("12345678901.2345", "12345678901.2345")]
    [InlineData("'99999999999999.9999'", "99999999999999.9999")]
    [InlineData("'-99999999999999.9999'", "-99999999999999.9999")]
    [InlineData("'12345678'", "12345678")]
    [InlineData("100 * 1.1", "110.0")]
    public async Task Decimals_come_out_as_a_client_wrote_them(string written, string expected)
    {
        await using var reading = await StartAsync();

        file.Run(TradingFile.Insert("P1", delta: written));
        await reading.UntilAsync(r => r.Messages.Count == 1);

        Assert.Equal(decimal.Parse(expected), reading.Rows.Single().After!.Delta);
    }

    [Theory]
    [InlineData("'much'")]
    [InlineData("''")]
    [InlineData("'1,5'")]
    [InlineData("' 1'")]
    [InlineData("'\"1\"'")]
    [InlineData("1e300")]
    [InlineData("'1e+5'")]
    [InlineData("9e999")]
    [InlineData("x'31'")]
    public async Task What_is_no_decimal_is_refused_by_the_table(string written)
    {
        await file.Feed().PrepareAsync(CancellationToken.None);

        var refused = Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => file.Run(TradingFile.Insert("P1", delta: written)));

        Assert.Equal(SQLitePCL.raw.SQLITE_CONSTRAINT, refused.SqliteErrorCode);
    }

    [Fact]
    public async Task A_reader_that_starts_again_goes_on_where_it_was()
    {
        await using (var reading = await StartAsync())
        {
            file.Run(TradingFile.Insert("P1"));
            await reading.UntilAsync(r => r.Messages.Count == 1);
        }

        file.Run(TradingFile.Insert("P2"));
        await using var again = new Reading(file.Feed(), from: 2);
        await again.ToTheEndAsync();

        Assert.Equal(["P2"], again.Rows.Select(row => row.PositionId));
        Assert.Empty(again.Lost);
    }

    [Fact]
    public async Task When_nothing_happens_the_feed_says_that_it_lives()
    {
        await using var reading = new Reading(file.Feed(options => options.SignOfLifeInterval = TimeSpan.FromMilliseconds(50)));
        await reading.ToTheEndAsync();

        var first = await reading.NextAsync();
        var second = await reading.NextAsync();

        Assert.Empty(first.Messages);
        Assert.True(second.ReadAt >= first.ReadAt.AddMilliseconds(45));
        Assert.Equal(new FeedPartition("positions_cdc", 0), Assert.Single(second.EndsReached));
    }

    [Fact]
    public async Task A_client_that_locks_the_file_delays_the_feed_and_no_more()
    {
        await file.Feed().PrepareAsync(CancellationToken.None);
        using var client = file.Client();
        TradingFile.Run(client, "BEGIN EXCLUSIVE;" + TradingFile.Insert("P1"));

        await using var reading = new Reading(file.Feed());
        var end = reading.ToTheEndAsync();
        TradingFile.Run(client, "COMMIT");
        await end;
        await reading.UntilAsync(r => r.Messages.Count == 1);

        Assert.Equal(["P1 Rates 10.5"], reading.Held());
    }

    private async Task<Reading> StartAsync()
    {
        var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        return reading;
    }
}
