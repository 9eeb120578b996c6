using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.Demo;

/// <summary>
/// The demo's trading system: a client of the positions table like any other, that knows nothing of the monitor and writes plain SQL.
/// </summary>
/// <param name="connection">Is open; the trading system closes it.</param>
public sealed class TradingSystem(DbConnection connection) : IDisposable
{
    private readonly DbConnection _connection = connection;

    /// <summary>Drivers want to be told of it by each command.</summary>
    private DbTransaction? _transaction;

    /// <param name="path">The SQLite file.</param>
    public TradingSystem(string path)
        : this(Open(path))
    {
    }

    public IReadOnlyList<SamplePosition> Positions(string desk) => Query(
        "SELECT position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency FROM positions WHERE desk = @desk ORDER BY position_id", ("@desk", desk));

    /// <summary>The positions whose id starts with a prefix.</summary>
    public IReadOnlyList<SamplePosition> PositionsNamed(string prefix) => Query(
        "SELECT position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency FROM positions WHERE substr(position_id, 1, length(@prefix)) = @prefix", ("@prefix", prefix));

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
        _transaction = transaction;
        try
        {
            foreach (var position in positions)
            {
                Open(position);
            }

            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    public void Open(SamplePosition position) => Execute(
        """
        INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
        VALUES (@id, @trader, @desk, @security, @quantity, @delta, @entered, @currency)
        """,
        ("@id", position.PositionId),
        ("@trader", position.TraderId),
        ("@desk", position.Desk),
        ("@security", position.SecurityId),
        ("@quantity", Text(position.Quantity)),
        ("@delta", position.Delta is { } delta ? Text(delta) : DBNull.Value),
        ("@entered", position.EntryDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("@currency", position.Currency));

    public void Resize(string positionId, decimal quantity, decimal delta) => Execute(
        "UPDATE positions SET quantity = @quantity, delta = @delta WHERE position_id = @id",
        ("@id", positionId),
        ("@quantity", Text(quantity)),
        ("@delta", Text(delta)));

    public void Close(string positionId) => Execute("DELETE FROM positions WHERE position_id = @id", ("@id", positionId));

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

    // SQLite gives the text that was written, MySQL the column's own type.
    private static decimal Amount(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private static DateOnly Day(object value) => value is DateTime day
        ? DateOnly.FromDateTime(day)
        : DateOnly.ParseExact(((string)value)[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

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
                Amount(reader.GetValue(4)),
                reader.IsDBNull(5) ? null : Amount(reader.GetValue(5)),
                Day(reader.GetValue(6)),
                reader.GetString(7)));
        }

        return positions;
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
