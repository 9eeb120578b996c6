using System.Diagnostics;
using System.Globalization;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>Whatever clients do, with whatever triggers and constraints of their own: what was told amounts to what the table holds.</summary>
public sealed class RandomSqlTests
{
    private static readonly string[] Tables =
    [
        OwnTable.Plain,
        OwnTable.Plain[..^1] + ", UNIQUE (trader_id, security_id))",
        OwnTable.Plain[..^1] + ", UNIQUE (trader_id, security_id)) WITHOUT ROWID",
        OwnTable.Plain + "; CREATE UNIQUE INDEX u1 ON positions (lower(trader_id), security_id) WHERE delta > 0; CREATE UNIQUE INDEX u2 ON positions (desk, security_id)",
        OwnTable.Plain.Replace("position_id TEXT PRIMARY KEY", "n INTEGER PRIMARY KEY, position_id TEXT UNIQUE NOT NULL", StringComparison.Ordinal),
        OwnTable.Plain.Replace("position_id TEXT PRIMARY KEY", "position_id TEXT COLLATE NOCASE PRIMARY KEY", StringComparison.Ordinal),
        OwnTable.Plain.Replace("delta,", "factor DEFAULT 2, delta AS (quantity * factor) VIRTUAL,", StringComparison.Ordinal),
    ];

    private static readonly string[] Triggers =
    [
        "CREATE TRIGGER o1 AFTER INSERT ON positions WHEN NEW.quantity > 7 BEGIN UPDATE positions SET quantity = 3 WHERE position_id = NEW.position_id; END",
        "CREATE TRIGGER o2 AFTER UPDATE ON positions WHEN NEW.quantity > 7 AND OLD.quantity <= 7 BEGIN UPDATE positions SET desk = 'moved' WHERE position_id = NEW.position_id; END",
        "CREATE TRIGGER o3 AFTER UPDATE ON positions WHEN NEW.quantity = 5 AND NEW.position_id LIKE 'P%' BEGIN UPDATE OR IGNORE positions SET position_id = 'X' || NEW.position_id WHERE position_id = NEW.position_id; END",
        "CREATE TRIGGER o4 AFTER DELETE ON positions WHEN OLD.quantity = 2 BEGIN UPDATE OR REPLACE positions SET trader_id = OLD.trader_id WHERE position_id = 'P1'; END",
        "CREATE TRIGGER o5 BEFORE INSERT ON positions WHEN NEW.quantity = 4 BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER o6 AFTER INSERT ON positions WHEN NEW.quantity = 6 BEGIN DELETE FROM positions WHERE position_id = NEW.position_id OR position_id = 'P2'; END",
        "CREATE TRIGGER o7 BEFORE UPDATE ON positions WHEN NEW.quantity = 1 BEGIN DELETE FROM positions WHERE position_id = 'P3' AND OLD.position_id <> 'P3'; END",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_was_told_amounts_to_what_the_table_holds(int seed)
    {
        for (var i = 0; i < Tables.Length; i++)
        {
            var random = new Random((seed * 100) + i);
            using var table = Table(random, i);
            using var client = table.Client();
            TradingFile.Run(client, $"PRAGMA synchronous = OFF; PRAGMA recursive_triggers = {random.Next(2)}");
            for (var step = 0; step < 120; step++)
            {
                try
                {
                    TradingFile.Run(client, Statement(random, hasDelta: i != 6));
                }
                catch (Microsoft.Data.Sqlite.SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
                {
                    // The owner's own constraint.
                }
            }

            Assert.Equal(table.Selected(), table.Held());
            Assert.Equal(0, table.Database.EmitDifferences());
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task The_same_holds_for_another_SQLite(int seed)
    {
        if (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).All(folder => !File.Exists(Path.Combine(folder, "sqlite3"))))
        {
            return;
        }

        for (var i = 0; i < Tables.Length; i++)
        {
            var random = new Random((seed * 100) + i);
            using var table = Table(random, i);
            var script = $"PRAGMA synchronous = OFF; PRAGMA recursive_triggers = {random.Next(2)};" + string.Join("\n", Enumerable.Range(0, 120).Select(_ => Statement(random, hasDelta: i != 6)));
            var start = new ProcessStartInfo("sqlite3", [table.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var client = Process.Start(start)!;
            await client.StandardInput.WriteAsync(script);
            client.StandardInput.Close();
            var refused = await client.StandardError.ReadToEndAsync();
            await client.WaitForExitAsync();

            Assert.All(refused.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)), line => Assert.Contains("constraint failed", line));
            Assert.Equal(table.Selected(), table.Held());
            Assert.Equal(0, table.Database.EmitDifferences());
        }
    }

    private static OwnTable Table(Random random, int i)
    {
        var table = new OwnTable(Tables[i]);
        foreach (var trigger in Triggers.Where(_ => random.Next(2) == 0))
        {
            table.Run(trigger);
        }

        return table;
    }

    private static string Statement(Random random, bool hasDelta)
    {
        string Id() => $"'P{random.Next(6)}'";
        string Value() => random.Next(9).ToString(CultureInfo.InvariantCulture);
        string How() => new[] { "", " OR REPLACE", " OR IGNORE", " OR FAIL" }[random.Next(4)];
        var delta = hasDelta ? "delta" : "factor";
        string Insert(string id, string how) =>
            $"INSERT{how} INTO positions (position_id, trader_id, desk, security_id, quantity, {delta}, entry_date, currency) "
            + $"VALUES ({id}, 'T{random.Next(3)}', 'D{random.Next(3)}', 's{random.Next(3)}', {Value()}, {Value()}, '2026-05-02', 'USD')";
        return random.Next(12) switch
        {
            < 4 => Insert(Id(), How()) + ";",
            4 => Insert(Id(), "") + $" ON CONFLICT (position_id) DO UPDATE SET desk = excluded.desk, quantity = {Value()} RETURNING desk;",
            5 => $"UPDATE{How()} positions SET trader_id = 't{random.Next(3)}', security_id = 's{random.Next(3)}' WHERE position_id IN ({Id()}, {Id()});",
            6 => $"UPDATE{How()} positions SET position_id = {Id()} WHERE position_id = {Id()};",
            7 => $"UPDATE{How()} positions SET quantity = {Value()}, desk = 'D{random.Next(3)}' WHERE quantity > {Value()};",
            8 => $"DELETE FROM positions WHERE position_id = {Id()} OR quantity = {Value()};",
            9 => $"UPDATE positions SET quantity = o.quantity + 1 FROM (SELECT position_id AS id, quantity FROM positions) AS o WHERE o.id = {Id()} AND positions.position_id <> o.id;",
            10 => $"SAVEPOINT a; {Insert(Id(), " OR REPLACE")}; ROLLBACK TO a; {Insert(Id(), " OR REPLACE")}; RELEASE a;",
            _ => $"UPDATE OR REPLACE positions SET position_id = lower(position_id) WHERE position_id = {Id()};",
        };
    }
}
