using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Sqlite;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>The owner's table is used as it is, or refused with what to change; the owner's statements never fail because of us.</summary>
public sealed class OwnersTableTests
{
    [Theory]
    [InlineData("desk", "x'00ff'")]
    [InlineData("position_id", "x'41'")]
    [InlineData("delta", "x'31'")]
    [InlineData("desk", "CAST(x'ff41' AS TEXT)")]
    [InlineData("position_id", "CAST(x'ff41' AS TEXT)")]
    [InlineData("delta", "'much'")]
    [InlineData("delta", "'Infinity'")]
    [InlineData("delta", "''")]
    [InlineData("delta", "9e999")]
    [InlineData("delta", "1e18")]
    [InlineData("quantity", "NULL")]
    [InlineData("desk", "NULL")]
    [InlineData("position_id", "NULL")]
    [InlineData("trader_id", "zeroblob(5000000)")]
    [InlineData("security_id", "replace(hex(zeroblob(1000000)), '0', 'x')")]
    [InlineData("security_id", "'a' || char(0) || replace(hex(zeroblob(4000)), '0', 'x')")]
    [InlineData("entry_date", "'soon'")]
    [InlineData("updated_at", "'later'")]
    public void What_cannot_be_read_does_not_fail_its_writer_and_is_told_as_unreadable(string column, string value)
    {
        using var table = new OwnTable();
        table.Run(OwnTable.Row("P0"));

        table.Run("CREATE TABLE other (n); BEGIN; INSERT INTO other VALUES (1);" + OwnTable.Row("P1") + $"UPDATE positions SET {column} = {value} WHERE position_id = 'P1'; COMMIT");

        Assert.Single(table.Emitted().OfType<DecodedMessage.Unreadable>());
        Assert.Equal("P0 Rates 10", table.Held()[0]);
    }

    [Fact]
    public void What_becomes_readable_again_is_held_and_what_is_deleted_unreadable_is_gone()
    {
        using var table = new OwnTable();
        table.Run(OwnTable.Row("P1") + OwnTable.Row("P2") + "UPDATE positions SET desk = x'00'");

        table.Run("UPDATE positions SET desk = 'FX' WHERE position_id = 'P1'; DELETE FROM positions WHERE position_id = 'P2'");

        Assert.Equal(["P1 FX 10"], table.Held());
    }

    [Fact]
    public void Rows_of_one_id_are_unreadable_until_one_is_left()
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("PRIMARY KEY", "", StringComparison.Ordinal));
        table.Run(OwnTable.Row("P1") + OwnTable.Row("P2") + OwnTable.Row("P1", "FX"));

        Assert.Equal(["P1 Rates 10", "P2 Rates 10", "P1 unreadable"], table.Changes());
        table.Run("DELETE FROM positions WHERE desk = 'Rates' AND position_id = 'P1'");

        Assert.Equal(["P1 FX 10", "P2 Rates 10"], table.Held());
        Assert.Contains("neither the primary key nor unique", table.Database.Table!.Doubts[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REAL", "12345678901.2345", "12345678901.2345")]
    [InlineData("REAL", "0.1234567890123456", "0.1234567890123456")]
    [InlineData("REAL", "12345678901234.566", "12345678901234.566")]
    [InlineData("REAL", "100 * 1.1", "110")]
    [InlineData("REAL", "0.1 + 0.2 - 0.3", "0.0000000000000000555111512313")]
    [InlineData("REAL", "-99999999999999.9", "-99999999999999.9")]
    [InlineData("", "12345678901.2345", "12345678901.2345")]
    [InlineData("", "'99999999999999.9999'", "99999999999999.9999")]
    [InlineData("", "'12345678'", "12345678")]
    [InlineData("DECIMAL(18,4)", "1234.5", "1234.5")]
    [InlineData("INTEGER", "5", "5")]
    [InlineData("TEXT", "'99999999999999.9999'", "99999999999999.9999")]
    public void An_amount_is_what_the_column_holds(string type, string written, string expected)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("delta,", $"delta {type},", StringComparison.Ordinal));

        table.Run(OwnTable.Row("P1", delta: written));

        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), table.Emitted().OfType<DecodedMessage.Row>().Single().After!.Delta);
    }

    [Theory]
    [InlineData("INTEGER", "1777716000", "2026-05-02T10:00:00Z")]
    [InlineData("INTEGER", "1777716000123", "2026-05-02T10:00:00.123Z")]
    [InlineData("INTEGER", "1777716000123456", "2026-05-02T10:00:00.123456Z")]
    [InlineData("REAL", "1777716000.5", "2026-05-02T10:00:00.5Z")]
    [InlineData("TEXT", "1777716000", "2026-05-02T10:00:00Z")]
    [InlineData("REAL", "julianday('2026-05-02 18:00:00')", "2026-05-02T18:00:00Z")]
    [InlineData("TIMESTAMP", "'2026-05-02 10:00:00.123456'", "2026-05-02T10:00:00.123456Z")]
    [InlineData("TEXT", "'2026-05-02T12:00:00+02:00'", "2026-05-02T10:00:00Z")]
    [InlineData("TEXT", "'2026-05-02 10:00'", "2026-05-02T10:00:00Z")]
    [InlineData("DATE", "'2026-05-02'", "2026-05-02T00:00:00Z")]
    public void A_time_is_read_in_the_forms_that_SQLite_files_have(string type, string written, string expected)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("updated_at TEXT", $"updated_at {type}", StringComparison.Ordinal));

        table.Run(OwnTable.Row("P1").Replace("'2026-05-02 10:00:00');", written + ");", StringComparison.Ordinal));

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), table.Emitted().OfType<DecodedMessage.Row>().Single().After!.UpdatedAt);
    }

    [Theory]
    [InlineData("TEXT", "'2026-05-02'")]
    [InlineData("TEXT", "'2026-05-02 00:00:00'")]
    [InlineData("TIMESTAMP", "'2026-05-02 14:30:00.000000'")]
    [InlineData("TEXT", "'2026-05-02T00:00:00+09:00'")]
    [InlineData("INTEGER", "20260502")]
    [InlineData("INTEGER", "20575")]
    [InlineData("INTEGER", "1777680000")]
    [InlineData("INTEGER", "1777680000000")]
    [InlineData("REAL", "julianday('2026-05-02')")]
    public void A_date_is_read_in_the_forms_that_SQLite_files_have(string type, string written)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("entry_date TEXT", $"entry_date {type}", StringComparison.Ordinal));

        table.Run(OwnTable.Row("P1").Replace("'2026-05-02', 'USD'", written + ", 'USD'", StringComparison.Ordinal));

        Assert.Equal(new DateOnly(2026, 5, 2), table.Emitted().OfType<DecodedMessage.Row>().Single().After!.EntryDate);
    }

    [Theory]
    [InlineData("INTEGER", "1777716000")]
    [InlineData("INTEGER", "2461163")]
    [InlineData("TEXT", "'02.05.2026'")]
    public async Task A_column_of_which_nothing_can_be_read_stops_the_start_with_its_name_and_type(string type, string written)
    {
        using var file = new TradingFile();
        file.Run(OwnTable.Plain.Replace("entry_date TEXT", $"entry_date {type}", StringComparison.Ordinal) + ";" + OwnTable.Row("P1").Replace("'2026-05-02', 'USD'", written + ", 'USD'", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => file.Feed().PrepareAsync(CancellationToken.None));

        Assert.Contains($"entry_date of positions in '{file.Path}', declared {type}, cannot be used: expected a date", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_integer_key_and_the_rowid_are_text_ids()
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("position_id TEXT", "position_id INTEGER", StringComparison.Ordinal));

        table.Run(OwnTable.Row("1") + OwnTable.Row("22") + OwnTable.Row("1", "FX", how: "REPLACE") + "UPDATE positions SET position_id = 3 WHERE position_id = 22");

        Assert.Equal(["1 FX 10", "3 Rates 10"], table.Held());
        Assert.Empty(table.Database.Table!.Keys);
    }

    [Theory]
    [InlineData("VIRTUAL")]
    [InlineData("STORED")]
    public void A_generated_column_is_told_as_it_is_computed(string kind)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("delta,", $"price, delta AS (quantity * price) {kind},", StringComparison.Ordinal));

        table.Run("INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, price, entry_date, currency) VALUES ('P1', 't', 'Rates', 's', 3, 5, '2026-05-02', 'USD'); UPDATE positions SET price = 7");

        Assert.Equal(["P1 Rates 15", "P1 Rates 21"], table.Changes());
    }

    [Theory]
    [InlineData("CREATE TABLE book (x); CREATE VIEW positions AS SELECT * FROM book", "positions in '{0}' is a view")]
    [InlineData("CREATE VIRTUAL TABLE positions USING fts5 (position_id)", "positions in '{0}' is a virtual")]
    [InlineData("CREATE TABLE positions (Position_ID, DESK, quantity, updated_at)", "no column trader_id, security_id, delta, entry_date, currency, created_at;")]
    public async Task What_cannot_be_followed_stops_the_start_with_a_remedy(string made, string expected)
    {
        using var file = new TradingFile();
        file.Run(made);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => file.Feed().PrepareAsync(CancellationToken.None));

        Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, file.Path), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Feed:Outbox:Path", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TEXT", "declared TEXT: a number that is written without quotes")]
    [InlineData("DECIMAL(18,4)", "declared DECIMAL(18,4), which SQLite keeps as a float")]
    public void A_type_that_can_lose_digits_is_named_at_the_start(string type, string expected)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("NUMERIC", "", StringComparison.Ordinal).Replace("delta,", $"delta {type},", StringComparison.Ordinal));

        Assert.Contains(expected, Assert.Single(table.Database.Table!.Doubts), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_that_a_client_made_without_triggers_are_found_by_comparing()
    {
        using var table = new OwnTable();
        table.Run(OwnTable.Row("P1") + OwnTable.Row("P2") + OwnTable.Row("P3"));
        using (var client = table.Client())
        {
            Assert.Equal(0, SQLitePCL.raw.sqlite3_db_config(client.Handle, 1003, 0, out _));
            TradingFile.Run(client, OwnTable.Row("P4") + "DELETE FROM positions WHERE position_id = 'P1'; UPDATE positions SET delta = 11 WHERE position_id = 'P2'");
        }

        var found = table.Database.EmitDifferences();

        Assert.Equal(3, found);
        Assert.Equal(table.Selected(), table.Held());
    }

    [Fact]
    public void The_table_is_made_at_a_start_only_and_waited_for_afterwards()
    {
        using var file = new TradingFile();
        using var tail = new OutboxTail(new OutboxFeedOptions { Path = file.Path }, new("positions_cdc", 0), from: 0, isStart: true, TimeProvider.System, NullLogger.Instance);
        Assert.NotNull(tail.Next());

        file.Run("DROP TABLE positions");
        var looks = Enumerable.Range(0, 5).Select(_ => tail.Next()).ToList();
        file.Run("CREATE TABLE positions (position_id TEXT)");
        looks.AddRange(Enumerable.Range(0, 5).Select(_ => tail.Next()));
        file.Run("DROP TABLE positions");

        // The load of a client that made its own table is not lost, and a feed that sees nothing gives no sign of life.
        Assert.All(looks, Assert.Null);
        Assert.Equal(0, file.Ask<long>("SELECT count(*) FROM sqlite_master WHERE name = 'positions' OR type = 'trigger'"));
    }

    [Fact]
    public async Task A_table_that_its_owner_makes_anew_is_told_whole()
    {
        using var file = new TradingFile();
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        file.Run(TradingFile.Insert("P1"));
        await reading.UntilAsync(r => r.Messages.Count == 1);

        file.Run("DROP TABLE positions");
        file.Run(OwnTable.Plain.Replace("PRIMARY KEY", "", StringComparison.Ordinal));
        file.Run(OwnTable.Row("P2"));
        await reading.UntilAsync(r => r.Rows.Any(row => row.PositionId == "P2"));
        file.Run("UPDATE positions SET delta = 11");
        await reading.UntilAsync(r => r.Rows.Last().After!.Delta == 11);

        Assert.Contains("triggers", Assert.Single(reading.Lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbox_of_an_older_version_is_replaced_and_the_table_told_whole()
    {
        using var file = new TradingFile();
        file.Run(
            OwnTable.Plain + ";" + OwnTable.Row("P1")
            + """
              CREATE TABLE positions_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, value TEXT NOT NULL);
              INSERT INTO positions_outbox (key, value) VALUES ('{}', '{}'), ('{}', '{}'), ('{}', '{}');
              CREATE TABLE positions_shadow (position_id TEXT NOT NULL PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
              CREATE TABLE positions_outbox_log (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL, starts_at INTEGER NOT NULL, is_read INTEGER NOT NULL);
              INSERT INTO positions_outbox_log VALUES (1, 5, 1, 1);
              CREATE TRIGGER positions_outbox_insert AFTER INSERT ON positions BEGIN INSERT INTO positions_outbox (key, value) VALUES ('{}', '{}'); END;
              """);

        await using var reading = new Reading(file.Feed(), from: 2);
        await reading.ToTheEndAsync();

        Assert.Single(reading.Lost);
        Assert.Equal(["P1 Rates 10"], reading.Held());
        Assert.True(reading.Messages[0].Delivery.Offset > 3);
    }

    [Fact]
    public void A_file_in_UTF_16_is_read_like_any_other()
    {
        using var table = new OwnTable("PRAGMA encoding = 'UTF-16le';" + OwnTable.Plain);

        table.Run(OwnTable.Row("Ω1", "利率 O''Brien", "'12.50'"));

        Assert.Equal(["Ω1 利率 O'Brien 12.5"], table.Held());
        Assert.Equal(0, table.Database.EmitDifferences());
    }

    [Fact]
    public async Task A_column_that_only_the_trading_system_can_compute_stops_the_start_with_its_name()
    {
        using var file = new TradingFile();
        using var client = file.Client();
        client.CreateFunction("price", (long quantity) => quantity * 2, isDeterministic: true);
        TradingFile.Run(client, OwnTable.Plain.Replace("delta,", "delta AS (price(quantity)),", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => file.Feed().PrepareAsync(CancellationToken.None));

        Assert.Contains("The column delta of positions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbox_that_a_client_dropped_or_renamed_is_made_again()
    {
        using var file = new TradingFile();
        await using var reading = new Reading(file.Feed());
        await reading.ToTheEndAsync();
        file.Run(TradingFile.Insert("P1"));
        await reading.UntilAsync(r => r.Messages.Count == 1);

        file.Run("ALTER TABLE positions_outbox RENAME TO elsewhere;" + TradingFile.Insert("P2"));
        await reading.UntilAsync(r => r.Held().Count == 2);
        file.Run("DROP TABLE positions_shadow");
        await reading.UntilAsync(r => r.Lost.Count() == 2 && r.Batches[^1].EndsReached.Count > 0);
        file.Run(TradingFile.Insert("P3"));
        await reading.UntilAsync(r => r.Held().Count == 3);
    }

    [Fact]
    public void The_owner_can_drop_every_column_that_no_key_and_no_reader_needs()
    {
        using var table = new OwnTable(OwnTable.Plain[..^1] + ", note TEXT, slot INT, book TEXT, UNIQUE (trader_id, security_id), UNIQUE (slot))");
        table.Run(OwnTable.Row("P1"));

        table.Run("ALTER TABLE positions DROP COLUMN note; ALTER TABLE positions DROP COLUMN book; ALTER TABLE positions ADD COLUMN memo; ALTER TABLE positions RENAME COLUMN slot TO place");
        table.Run(OwnTable.Row("P2", how: "INSERT OR REPLACE"));

        Assert.Equal(["P2 Rates 10"], table.Held());
    }

    [Theory]
    [InlineData("position_id PRIMARY KEY", "1", true)]
    [InlineData("position_id BLOB PRIMARY KEY", "1", true)]
    [InlineData("position_id PRIMARY KEY", "'2'", false)]
    [InlineData("position_id TEXT PRIMARY KEY", "2", false)]
    public void Ids_that_read_the_same_and_are_two_rows_are_noticed(string id, string second, bool areAlike)
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("position_id TEXT PRIMARY KEY", id, StringComparison.Ordinal));
        table.Run(OwnTable.Row("1") + OwnTable.Row("1", "FX", security: "s2").Replace("('1'", $"({second}", StringComparison.Ordinal));

        Assert.Equal(areAlike, table.Database.HasIdsThatReadAlike());
    }
}
