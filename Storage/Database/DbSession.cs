using System.Data.Common;
using Dapper;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Database;

/// <summary>
/// A connection for the length of one read or write. Dapper binds the parameters, which are <c>@Name</c> in the text and the properties of an object.
/// Rows are read by their columns and not mapped by Dapper, so that one row that cannot be read does not hide the others.
/// </summary>
/// <param name="evidence">Receives what the transaction is to record; null in a read.</param>
internal readonly struct DbSession(DbConnection connection, CancellationToken cancellationToken, List<EvidenceDraft>? evidence = null)
{
    /// <summary>Appends an entry to the evidence at the end of this transaction, unless the write fails.</summary>
    public void Record(EvidenceDraft entry) => (evidence ?? throw new InvalidOperationException("only a write can leave evidence")).Add(entry);

    /// <returns>Rows changed; for an update, rows found.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => ByDriverAsync(connection.ExecuteAsync(Command(sql, parameters)));

    /// <returns>The first column of the first row; the default where there is no row, or NULL in it.</returns>
    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) => ByDriverAsync(connection.ExecuteScalarAsync<T>(Command(sql, parameters)));

    public async Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> row, object? parameters = null)
    {
        var rows = new List<T>();
        await EachAsync(sql, reader => rows.Add(row(reader)), parameters);
        return rows;
    }

    /// <summary>Passes on row by row, where a list of them would be long.</summary>
    public async Task EachAsync(string sql, Action<DbDataReader> row, object? parameters = null)
    {
        await using var reader = await ByDriverAsync(connection.ExecuteReaderAsync(Command(sql, parameters)));
        while (await ByDriverAsync(reader.ReadAsync(cancellationToken)))
        {
            row(reader);
        }
    }

    /// <summary>
    /// A driver whose connection ends may throw what else means a row that cannot be read, such as the end of a stream. It is always a fault of the
    /// connection, because values of a row are only looked at afterwards.
    /// </summary>
    private static async Task<T> ByDriverAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception error) when (error is not DbException && Unreadable.IsOfTheRow(error))
        {
            throw new IOException($"the connection to the database ended ({error.Message})", error);
        }
    }

    private CommandDefinition Command(string sql, object? parameters) => new(sql, parameters, cancellationToken: cancellationToken);
}
