using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>A client of the trading system's database; each call is one transaction.</summary>
internal sealed class TradingClient : IDisposable
{
    private readonly SqliteConnection _connection;

    public TradingClient(string data)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(data, "positions.db"),
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 10,
            Pooling = false,
        }.ToString());
        _connection.Open();
    }

    public void Open(string positionId, string desk, decimal delta, string trader = "akim") => Execute(
        $"""
        INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
        VALUES ('{positionId}', '{trader}', '{desk}', 'SPX-CALL-6200-20271217', '10', '{Text(delta)}', '2026-11-20', 'USD')
        """);

    public void Reprice(string positionId, decimal delta) => Execute($"UPDATE positions SET delta = '{Text(delta)}' WHERE position_id = '{positionId}'");

    public void Move(string positionId, string desk) => Execute($"UPDATE positions SET desk = '{desk}' WHERE position_id = '{positionId}'");

    public void Close(string positionId) => Execute($"DELETE FROM positions WHERE position_id = '{positionId}'");

    /// <summary>The owner takes the table away, as a migration of the trading system may for a while.</summary>
    public void TakeTableAway() => Execute("ALTER TABLE positions RENAME TO positions_away");

    public void BringTableBack() => Execute("ALTER TABLE positions_away RENAME TO positions");

    public IReadOnlyDictionary<string, decimal> NetDeltas()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT desk, delta FROM positions";
        using var reader = command.ExecuteReader();
        var nets = new Dictionary<string, decimal>();
        while (reader.Read())
        {
            nets[reader.GetString(0)] = nets.GetValueOrDefault(reader.GetString(0)) + decimal.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
        }

        return nets;
    }

    public void Dispose() => _connection.Dispose();

    private static string Text(decimal value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
