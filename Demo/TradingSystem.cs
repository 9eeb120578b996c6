using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.Demo;

/// <summary>
/// The demo's trading system: a client of <c>positions.db</c> like any other, that knows nothing of the monitor and writes plain SQL.
/// </summary>
public sealed class TradingSystem(string path) : IDisposable
{
    private readonly SqliteConnection _connection = Open(path);

    public IReadOnlyList<SamplePosition> Positions(string desk) => Query(
        "SELECT position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency FROM positions WHERE desk = $desk ORDER BY position_id", ("$desk", desk));

    /// <summary>The positions whose id starts with a prefix.</summary>
    public IReadOnlyList<SamplePosition> PositionsNamed(string prefix) => Query(
        "SELECT position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency FROM positions WHERE substr(position_id, 1, length($prefix)) = $prefix", ("$prefix", prefix));

    public bool IsEmpty()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT NOT EXISTS (SELECT 1 FROM positions)";
        return Convert.ToBoolean(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Books many positions at once.</summary>
    public void OpenAll(IEnumerable<SamplePosition> positions)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var position in positions)
        {
            Open(position);
        }

        transaction.Commit();
    }

    public void Open(SamplePosition position) => Execute(
        """
        INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
        VALUES ($id, $trader, $desk, $security, $quantity, $delta, $entered, $currency)
        """,
        ("$id", position.PositionId),
        ("$trader", position.TraderId),
        ("$desk", position.Desk),
        ("$security", position.SecurityId),
        ("$quantity", Text(position.Quantity)),
        ("$delta", position.Delta is { } delta ? Text(delta) : DBNull.Value),
        ("$entered", position.EntryDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("$currency", position.Currency));

    public void Resize(string positionId, decimal quantity, decimal delta) => Execute(
        "UPDATE positions SET quantity = $quantity, delta = $delta WHERE position_id = $id",
        ("$id", positionId),
        ("$quantity", Text(quantity)),
        ("$delta", Text(delta)));

    public void Close(string positionId) => Execute("DELETE FROM positions WHERE position_id = $id", ("$id", positionId));

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Quoted text: a numeric literal is exact to 15 digits only.
    private static string Text(decimal value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private List<SamplePosition> Query(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var positions = new List<SamplePosition>();
        while (reader.Read())
        {
            positions.Add(new SamplePosition(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                decimal.Parse(reader.GetString(4), CultureInfo.InvariantCulture),
                reader.IsDBNull(5) ? null : decimal.Parse(reader.GetString(5), CultureInfo.InvariantCulture),
                DateOnly.ParseExact(reader.GetString(6)[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                reader.GetString(7)));
        }

        return positions;
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
