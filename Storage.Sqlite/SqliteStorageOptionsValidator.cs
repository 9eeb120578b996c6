using Microsoft.Extensions.Options;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteStorageOptionsValidator : IValidateOptions<SqliteStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteStorageOptions options)
    {
        var problems = options.Problems(SqliteStorageOptions.Section);
        StorageOptions.Check(
            problems, SqliteStorageOptions.Section, !string.IsNullOrWhiteSpace(options.DatabasePath), nameof(options.DatabasePath), options.DatabasePath,
            "name a file, such as data/riskmonitor.db");
        StorageOptions.Check(
            problems,
            SqliteStorageOptions.Section,
            options.BusyTimeout >= TimeSpan.FromMilliseconds(1) && options.BusyTimeout <= TimeSpan.FromMinutes(1),
            nameof(options.BusyTimeout),
            options.BusyTimeout,
            "give a time from 1 ms to 1 minute, such as 00:00:05");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
