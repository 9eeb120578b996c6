using System.Data.Common;
using Dapper;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Reads a large table in the order of a column, some values of it at a time: a statement that reads all of it would reach the time limit of commands.</summary>
internal static class PagedRows
{
    private const int ValuesAtATime = 1_000;

    /// <param name="select">What to read of each row.</param>
    /// <param name="key">The column, which has an index. All rows of one value are read together.</param>
    /// <param name="within">A condition that all rows meet, on <c>@Within</c>; null: all rows.</param>
    /// <param name="order">What orders the rows of one value.</param>
    public static async Task EachAsync(DbSession db, string select, string table, string key, Action<DbDataReader> row, (string Condition, object Value)? within = null, string? order = null)
    {
        object? last = null;
        while (true)
        {
            var from = Where([within?.Condition, last is null ? null : $"{key} > @Last"]);
            var through = await db.ScalarAsync<object>(
                $"SELECT max(k) FROM (SELECT DISTINCT {key} AS k FROM {table} {from} ORDER BY {key} LIMIT {ValuesAtATime}) AS page", Parameters(last, null, within?.Value));
            if (through is null or DBNull)
            {
                return;
            }

            var page = Where([within?.Condition, last is null ? null : $"{key} > @Last", $"{key} <= @Through"]);
            await db.EachAsync($"SELECT {select} FROM {table} {page} ORDER BY {key}{(order is null ? "" : $", {order}")}", row, Parameters(last, through, within?.Value));
            last = through;
        }
    }

    private static string Where(string?[] conditions) =>
        conditions.OfType<string>().ToList() is { Count: > 0 } some ? $"WHERE {string.Join(" AND ", some)}" : "";

    private static DynamicParameters Parameters(object? last, object? through, object? within)
    {
        var parameters = new DynamicParameters();
        foreach (var (name, value) in (ReadOnlySpan<(string, object?)>)[("Last", last), ("Through", through), ("Within", within)])
        {
            if (value is not null)
            {
                parameters.Add(name, value);
            }
        }

        return parameters;
    }
}
