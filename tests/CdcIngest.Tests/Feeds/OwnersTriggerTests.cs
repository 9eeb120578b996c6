namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>The trading system has triggers of its own; what is told last of a position is its row.</summary>
public sealed class OwnersTriggerTests
{
    private const string Priced = "CREATE TRIGGER price_it AFTER INSERT ON positions WHEN NEW.delta IS NULL BEGIN "
        + "UPDATE positions SET delta = CAST(NEW.quantity * 100 AS TEXT) WHERE position_id = NEW.position_id; END";

    [Theory]
    [InlineData(Priced)]
    [InlineData("CREATE TRIGGER price_it AFTER INSERT ON positions BEGIN UPDATE positions SET delta = 100 WHERE position_id = NEW.position_id; END")]
    [InlineData("CREATE TRIGGER price_it AFTER INSERT ON positions BEGIN INSERT OR REPLACE INTO positions SELECT position_id, trader_id, desk, security_id, quantity, 100, entry_date, currency, created_at, updated_at FROM positions WHERE position_id = NEW.position_id; END")]
    public void A_trigger_that_prices_a_new_row_leaves_its_price_as_the_last_word(string trigger)
    {
        using var table = new OwnTable();
        table.Run(trigger);

        table.Run(OwnTable.Row("P1", delta: "NULL"));

        Assert.Equal(["P1 Rates 100"], table.Held());
        Assert.Equal(table.Selected(), table.Held());
    }

    [Fact]
    public void The_table_that_the_host_makes_is_told_right_too()
    {
        using var file = new TradingFile();
        using var database = RiskMonitor.CdcIngest.Sqlite.OutboxDatabase.Open(file.Path, mayMakeFile: true);
        database.Prepare(from: 0, mayMakeTable: true);
        file.Run(Priced);

        file.Run(TradingFile.Insert("P1", delta: "NULL"));

        Assert.Equal("100", file.Ask<string>("SELECT delta FROM positions_outbox ORDER BY id DESC LIMIT 1"));
    }

    [Fact]
    public void A_trigger_after_an_update_leaves_its_price_as_the_last_word()
    {
        using var table = new OwnTable();
        table.Run(OwnTable.Row("P1"));
        table.Run("CREATE TRIGGER reprice AFTER UPDATE OF quantity ON positions BEGIN UPDATE positions SET delta = NEW.quantity * 100 WHERE position_id = NEW.position_id; END");

        table.Run("UPDATE positions SET quantity = 7");

        Assert.Equal(["P1 Rates 700"], table.Held());
    }

    [Theory]
    [InlineData("UPDATE positions SET desk = 'Credit' WHERE position_id = NEW.position_id", "P1 Credit 10")]
    [InlineData("UPDATE positions SET position_id = 'P9' WHERE position_id = NEW.position_id", "P9 Rates 10")]
    [InlineData("UPDATE positions SET position_id = 'P9', desk = 'FX', rowid = 77 WHERE position_id = NEW.position_id", "P9 FX 10")]
    [InlineData("DELETE FROM positions WHERE position_id = NEW.position_id", null)]
    public void A_trigger_that_moves_renames_or_deletes_the_row_is_followed(string action, string? expected)
    {
        foreach (var recursive in new[] { "OFF", "ON" })
        {
            using var table = new OwnTable();
            table.Run($"CREATE TRIGGER move_it AFTER INSERT ON positions WHEN NEW.position_id = 'P1' BEGIN {action}; END");

            table.Run($"PRAGMA recursive_triggers = {recursive};" + OwnTable.Row("P1"));

            Assert.Equal(expected is null ? [] : [expected], table.Held());
        }
    }

    [Fact]
    public void A_trigger_of_one_client_alone_which_fires_first_is_followed()
    {
        using var table = new OwnTable();

        table.Run("CREATE TEMP TRIGGER price_it AFTER INSERT ON main.positions BEGIN UPDATE positions SET delta = 5, desk = 'FX' WHERE position_id = NEW.position_id; END;" + OwnTable.Row("P1"));

        Assert.Equal(["P1 FX 5"], table.Held());
    }

    [Fact]
    public void A_row_that_a_trigger_refuses_was_never_there()
    {
        using var table = new OwnTable();
        table.Run("CREATE TRIGGER refuse BEFORE INSERT ON positions WHEN NEW.desk = 'FX' BEGIN SELECT RAISE(IGNORE); END");

        table.Run(OwnTable.Row("P1", "FX") + OwnTable.Row("P2"));

        Assert.Equal(["P2 Rates 10"], table.Changes());
    }

    [Fact]
    public void A_change_whose_statement_another_trigger_ended_is_found_by_comparing()
    {
        using var table = new OwnTable();
        table.Run("CREATE TRIGGER end_it AFTER INSERT ON positions BEGIN SELECT RAISE(IGNORE); END");
        table.Run(OwnTable.Row("P1"));

        var found = table.Database.EmitDifferences();

        Assert.Equal(1, found);
        Assert.Equal(["P1 Rates 10"], table.Held());
        Assert.Equal(0, table.Database.EmitDifferences());
    }

    [Fact]
    public void Each_statement_is_told_on_its_own()
    {
        using var table = new OwnTable();
        table.Run(Priced);

        table.Run("BEGIN;" + OwnTable.Row("P1") + "UPDATE positions SET delta = 2000; UPDATE positions SET delta = 3, desk = 'FX'; DELETE FROM positions; COMMIT");

        Assert.Equal(["P1 Rates 10", "P1 Rates 2000", "P1 FX 3", "P1 gone"], table.Changes());
    }

    [Fact]
    public void Cascades_of_a_foreign_key_are_told()
    {
        using var table = new OwnTable(
            OwnTable.Plain.Replace("desk TEXT", "desk TEXT REFERENCES desks (name) ON UPDATE CASCADE ON DELETE CASCADE", StringComparison.Ordinal)
            + "; CREATE TABLE desks (name TEXT PRIMARY KEY); INSERT INTO desks VALUES ('Rates'), ('FX')");
        table.Run(OwnTable.Row("P1") + OwnTable.Row("P2", "FX"));

        table.Run("PRAGMA foreign_keys = ON; UPDATE desks SET name = 'Credit' WHERE name = 'Rates'; DELETE FROM desks WHERE name = 'FX'");

        Assert.Equal(["P1 Credit 10"], table.Held());
    }
}
