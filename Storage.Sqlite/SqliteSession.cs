using Microsoft.Data.Sqlite;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>One open connection with its prepared statements; their parameters are <c>?1</c>, <c>?2</c>… Not thread-safe, and it blocks: use it on a thread that may.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection)
    {
        _connection = connection;
    }

    /// <summary>Opens the database.</summary>
    /// <param name="mayCreate">Makes it where there is none; a file that was deleted while it was in use must not come back empty.</param>
    public static SqliteSession Open(string path, TimeSpan busyTimeout, bool mayCreate)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mayCreate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,

            // The library waits in steps of 150 ms for this long; SQLite's own waiting, below, is finer and ends first.
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Pragma($"busy_timeout = {(long)busyTimeout.TotalMilliseconds}");
            session.Pragma("journal_mode = WAL");
            session.Pragma("synchronous = FULL");
            session.Pragma("temp_store = MEMORY");
            session.Pragma("wal_autocheckpoint = 4000");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>This connection as the repositories use it, whose statements are not kept prepared.</summary>
    public DbSession ForRepositories(CancellationToken cancellationToken) => new(_connection, cancellationToken, Evidence);

    /// <summary>What the open transaction is to record.</summary>
    public List<EvidenceDraft> Evidence { get; } = [];

    /// <summary>Rows that this connection ever changed.</summary>
    public int TotalChanges => SQLitePCL.raw.sqlite3_total_changes(_connection.Handle);

    /// <exception cref="InvalidOperationException">SQLite has ended the transaction, as it does when the disk is full.</exception>
    public void DemandTransaction()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            throw new InvalidOperationException("the transaction was rolled back");
        }
    }

    /// <summary>Ends work on this connection, which runs on the calling thread to its end because SQLite has no asynchronous calls.</summary>
    /// <exception cref="InvalidOperationException">The work waits for something else, which the connection must not be held for.</exception>
    public void Complete(Task work)
    {
        if (!work.IsCompleted)
        {
            throw new InvalidOperationException("work on a SQLite connection waited for something else than the database");
        }

        work.GetAwaiter().GetResult();
    }

    /// <summary>Ends the statement that is running; the only member that another thread may call.</summary>
    public void Interrupt() => SQLitePCL.raw.sqlite3_interrupt(_connection.Handle);

    public void Pragma(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA {text}";
        command.ExecuteNonQuery();
    }

    /// <summary>Runs statements that are needed once, such as a migration.</summary>
    public void Script(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <returns>Rows changed, of a statement that changes rows.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Statement(sql).Execute(values);

    /// <returns>The first column of the first row; null when there is no row, or NULL in it.</returns>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Statement(sql).Scalar(values);

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Hands row by row on, where a list of them would be long.</summary>
    public void Each(string sql, Action<SqliteDataReader> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }

    /// <summary>Runs reads that must see one state of the database.</summary>
    public T InOneSnapshot<T>(Func<SqliteSession, T> read)
    {
        Execute("BEGIN DEFERRED");
        try
        {
            return read(this);
        }
        finally
        {
            Execute("ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(_connection.Handle!, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Prepare(sql, values.Length);
            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var statement = _connection.CreateCommand();
        statement.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            statement.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
        }

        statement.Prepare();
        return statement;
    }
}
