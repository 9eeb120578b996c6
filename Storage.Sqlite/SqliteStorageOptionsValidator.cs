using Microsoft.Extensions.Options;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteStorageOptionsValidator : IValidateOptions<SqliteStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteStorageOptions options)
    {
        var problems = new List<string>();
        Check(!string.IsNullOrWhiteSpace(options.DatabasePath), nameof(options.DatabasePath), options.DatabasePath, "name a file, such as data/riskmonitor.db");
        Check(
            options.BusyTimeout >= TimeSpan.FromMilliseconds(1) && options.BusyTimeout <= TimeSpan.FromMinutes(1),
            nameof(options.BusyTimeout),
            options.BusyTimeout,
            "give a time from 1 ms to 1 minute, such as 00:00:05");
        Check(options.MaxGroup >= 1, nameof(options.MaxGroup), options.MaxGroup, "give 1 or more, such as 1000");
        Check(options.QueueCapacity >= 1, nameof(options.QueueCapacity), options.QueueCapacity, "give 1 or more, such as 10000");
        Check(options.MaxReaders >= 1, nameof(options.MaxReaders), options.MaxReaders, "give 1 or more, such as 4");
        Check(options.QueryTimeout > TimeSpan.Zero && options.QueryTimeout <= TimeSpan.FromHours(1), nameof(options.QueryTimeout), options.QueryTimeout, "give a time above 0 and of at most 1 hour, such as 00:00:08");
        Check(options.JournalRetention >= TimeSpan.Zero, nameof(options.JournalRetention), options.JournalRetention, "give 0 or more, such as 7.00:00:00");
        Check(options.StateInterval > TimeSpan.Zero, nameof(options.StateInterval), options.StateInterval, "give more than 0, such as 01:00:00");
        Check(options.StateAfterBytes >= 1, nameof(options.StateAfterBytes), options.StateAfterBytes, "give 1 or more, such as 1048576");
        Check(
            options.StateRetention >= options.JournalRetention,
            nameof(options.StateRetention),
            options.StateRetention,
            $"give at least {SqliteStorageOptions.Section}:{nameof(options.JournalRetention)} ({options.JournalRetention}), such as 400.00:00:00");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool right, string key, object? value, string remedy)
        {
            if (!right)
            {
                problems.Add($"{SqliteStorageOptions.Section}:{key} is '{value}': {remedy}");
            }
        }
    }
}
