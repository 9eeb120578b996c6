using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The contender that needs no program: a table of positions in SQLite whose triggers keep each desk's net delta, durable after each commit.</summary>
internal sealed class TriggerTable : IDisposable
{
    private const int RowsPerCommit = 1_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");
    private readonly SqliteConnection _connection;

    public TriggerTable()
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(_directory.FullName, "table.db")};Pooling=False");
        _connection.Open();
        Run(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE positions (position_id TEXT PRIMARY KEY, desk TEXT NOT NULL, delta INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE desks (desk TEXT PRIMARY KEY, net INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TRIGGER opened AFTER INSERT ON positions BEGIN
                INSERT INTO desks (desk, net) VALUES (NEW.desk, NEW.delta) ON CONFLICT (desk) DO UPDATE SET net = net + excluded.net;
            END;
            CREATE TRIGGER changed AFTER UPDATE ON positions BEGIN
                UPDATE desks SET net = net - OLD.delta WHERE desk = OLD.desk;
                INSERT INTO desks (desk, net) VALUES (NEW.desk, NEW.delta) ON CONFLICT (desk) DO UPDATE SET net = net + excluded.net;
            END;
            CREATE TRIGGER closed AFTER DELETE ON positions BEGIN
                UPDATE desks SET net = net - OLD.delta WHERE desk = OLD.desk;
            END;
            """);
    }

    public void Apply(IEnumerable<(string PositionId, Position? Row)> changes)
    {
        using var put = Prepare(
            "INSERT INTO positions (position_id, desk, delta) VALUES ($id, $desk, $delta) ON CONFLICT (position_id) DO UPDATE SET desk = excluded.desk, delta = excluded.delta",
            "$id", "$desk", "$delta");
        using var delete = Prepare("DELETE FROM positions WHERE position_id = $id", "$id");
        Run("BEGIN");
        var rows = 0;
        foreach (var (positionId, row) in changes)
        {
            var command = row is null ? delete : put;
            command.Parameters[0].Value = positionId;
            if (row is not null)
            {
                put.Parameters[1].Value = row.Desk;
                put.Parameters[2].Value = (long)(row.Delta!.Value * 10_000);
            }

            command.ExecuteNonQuery();
            if (++rows % RowsPerCommit == 0)
            {
                Run("COMMIT; BEGIN");
            }
        }

        Run("COMMIT");
    }

    /// <exception cref="InvalidOperationException">A desk's net delta differs.</exception>
    public void DemandEqual(NaiveBook expected)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT desk, net FROM desks";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (expected.NetOf(reader.GetString(0)) != reader.GetInt64(1) / 10_000m)
            {
                throw new InvalidOperationException($"not exact, so that there is no figure: {reader.GetString(0)} in the trigger table");
            }
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Delete(recursive: true);
    }

    private SqliteCommand Prepare(string sql, params string[] names)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
