using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A trading system's file, with the triggers that the product puts on its table.</summary>
internal sealed class PositionsFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");

    private PositionsFile()
    {
    }

    private string Path => System.IO.Path.Combine(_directory.FullName, "positions.db");

    public static async Task<PositionsFile> CreateAsync()
    {
        var file = new PositionsFile();
        await file.Feed().PrepareAsync(CancellationToken.None);
        return file;
    }

    public OutboxFeed Feed() => new(new OutboxFeedOptions { Path = Path }, TimeProvider.System, NullLogger<OutboxFeed>.Instance);

    /// <summary>Inserts rows in one transaction.</summary>
    public void Insert(IEnumerable<Position> rows)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False;Default Timeout=30");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
            VALUES ($id, $trader, $desk, $security, $quantity, $delta, '2026-05-02', $currency)
            """;
        foreach (var name in new[] { "$id", "$trader", "$desk", "$security", "$quantity", "$delta", "$currency" })
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        foreach (var row in rows)
        {
            object[] values =
            [
                row.PositionId, row.TraderId, row.Desk, row.SecurityId, row.Quantity.ToString("0.0000", CultureInfo.InvariantCulture),
                row.Delta!.Value.ToString("0.0000", CultureInfo.InvariantCulture), row.Currency,
            ];
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
