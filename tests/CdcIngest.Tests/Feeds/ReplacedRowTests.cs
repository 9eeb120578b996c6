namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>REPLACE removes every row that has the same values where that must not be, and fires no trigger for it.</summary>
public sealed class ReplacedRowTests
{
    private static readonly string OfTwo = OwnTable.Plain[..^1] + ", UNIQUE (trader_id, security_id))";

    [Theory]
    [InlineData("INSERT OR REPLACE")]
    [InlineData("REPLACE")]
    public void The_row_that_another_one_displaced_is_told_as_gone(string how)
    {
        foreach (var recursive in new[] { "OFF", "ON" })
        {
            using var table = new OwnTable(OfTwo);

            table.Run($"PRAGMA recursive_triggers = {recursive};" + OwnTable.Row("A") + OwnTable.Row("B", "FX", "20", how: how));

            Assert.Equal(["A Rates 10", "A gone", "B FX 20"], table.Changes());
        }
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX u ON positions (trader_id, security_id)")]
    [InlineData("CREATE UNIQUE INDEX u ON positions (security_id DESC, trader_id COLLATE NOCASE)")]
    [InlineData("CREATE UNIQUE INDEX u ON positions (lower(trader_id), security_id)")]
    [InlineData("CREATE UNIQUE INDEX [u 'x'] ON positions (trader_id || ',)' /* , ( */ || security_id DESC) -- as \"it\" is\n WHERE delta IS NOT NULL")]
    [InlineData("CREATE UNIQUE INDEX u ON positions (json_extract(security_id, '$.a')) WHERE json_valid(security_id)", "'{\"a\":1}'")]
    [InlineData("CREATE UNIQUE INDEX u ON positions (trader_id) WHERE security_id = 's1'")]
    public void Whatever_the_unique_index_is(string index, string security = "'s1'")
    {
        using var table = new OwnTable(OwnTable.Plain + ";" + index);
        string Row(string id, string trader, string how, string delta = "10") =>
            OwnTable.Row(id, trader: trader, how: how, delta: delta).Replace("'s1'", security, StringComparison.Ordinal);

        table.Run(OwnTable.Row("N", trader: "n", security: "no json") + Row("A", "t1", "INSERT") + Row("B", "t1", "INSERT OR REPLACE", "20"));

        Assert.Equal(["B Rates 20", "N Rates 10"], table.Held());
        Assert.Equal(table.Selected(), table.Held());
    }

    [Fact]
    public void An_index_that_is_made_later_counts_from_when_it_is_seen()
    {
        using var table = new OwnTable();
        table.Run("CREATE UNIQUE INDEX u ON positions (trader_id)");
        table.Database.Prepare(from: 1, mayMakeTable: false);

        table.Run(OwnTable.Row("A") + OwnTable.Row("B", how: "REPLACE"));

        Assert.Equal(["B Rates 10"], table.Held());
    }

    [Fact]
    public void Several_rows_that_one_row_displaces_are_all_gone()
    {
        using var table = new OwnTable(OwnTable.Plain[..^1] + ", UNIQUE (trader_id), UNIQUE (security_id))");

        table.Run(OwnTable.Row("A", trader: "a", security: "a") + OwnTable.Row("B", trader: "b", security: "b") + OwnTable.Row("C", trader: "c", security: "c"));
        table.Run(OwnTable.Row("C", trader: "a", security: "b", how: "REPLACE"));

        Assert.Equal(["C Rates 10"], table.Held());
    }

    [Fact]
    public void Nulls_displace_nothing()
    {
        using var table = new OwnTable(OfTwo);

        table.Run("INSERT OR REPLACE INTO positions (position_id, desk) VALUES ('A', 'x'), ('B', 'x'); UPDATE positions SET trader_id = 't', quantity = 1, delta = 1, entry_date = '2026-05-02', currency = 'USD', security_id = position_id");

        Assert.Equal(["A x 1", "B x 1"], table.Held());
    }

    [Fact]
    public void An_update_displaces_rows_as_an_insert_does()
    {
        using var table = new OwnTable(OfTwo);
        table.Run(OwnTable.Row("A", trader: "a") + OwnTable.Row("B", trader: "b") + OwnTable.Row("C", trader: "c"));

        table.Run("UPDATE OR REPLACE positions SET trader_id = 'a' WHERE position_id = 'B'; UPDATE OR REPLACE positions SET position_id = 'C' WHERE position_id = 'B'");

        Assert.Equal(["C Rates 10"], table.Held());
        Assert.Equal(table.Selected(), table.Held());
    }

    [Fact]
    public void A_rowid_is_a_unique_key_like_any_other()
    {
        using var table = new OwnTable();
        table.Run(OwnTable.Row("A") + OwnTable.Row("B"));

        table.Run("INSERT OR REPLACE INTO positions (rowid, position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES (1, 'C', 't', 'FX', 's', 1, 1, '2026-05-02', 'USD')");

        Assert.Equal(["B Rates 10", "C FX 1"], table.Held());
    }

    [Theory]
    [InlineData("WITHOUT ROWID")]
    [InlineData("STRICT")]
    public void A_table_of_another_kind_is_followed_alike(string kind)
    {
        using var table = new OwnTable(OfTwo.Replace("quantity NUMERIC, delta", "quantity REAL, delta REAL", StringComparison.Ordinal) + kind);

        table.Run(OwnTable.Row("A") + OwnTable.Row("B", how: "REPLACE") + OwnTable.Row("C", trader: "c") + "DELETE FROM positions WHERE position_id = 'C'");

        Assert.Equal(["B Rates 10"], table.Held());
    }

    [Fact]
    public void An_id_that_differs_by_case_alone_displaces_where_the_owner_says_so()
    {
        using var table = new OwnTable(OwnTable.Plain.Replace("position_id TEXT PRIMARY KEY", "position_id TEXT COLLATE NOCASE PRIMARY KEY", StringComparison.Ordinal));

        table.Run(OwnTable.Row("p1") + OwnTable.Row("P1", "FX", how: "REPLACE") + OwnTable.Row("P2") + "UPDATE positions SET position_id = 'p2' WHERE position_id = 'P2'");

        Assert.Equal(["P1 FX 10", "p2 Rates 10"], table.Held());
    }

    [Fact]
    public void What_a_trigger_brings_back_is_held()
    {
        using var table = new OwnTable(OfTwo);
        table.Run("CREATE TRIGGER back AFTER INSERT ON positions WHEN NEW.position_id = 'B' BEGIN " + OwnTable.Row("A", "Credit", "3", security: "other") + " UPDATE positions SET security_id = 'moved' WHERE position_id = 'B'; END");

        table.Run(OwnTable.Row("A") + OwnTable.Row("B", how: "REPLACE"));

        Assert.Equal(["A Credit 3", "B Rates 10"], table.Held());
    }
}
