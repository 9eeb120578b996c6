using Microsoft.Extensions.Options;
using MySqlConnector;

namespace RiskMonitor.Storage.MySql;

internal sealed class MySqlStorageOptionsValidator : IValidateOptions<MySqlStorageOptions>
{
    private const string Example = "such as Server=db;Database=riskmonitor;User ID=riskmonitor;Password=…";

    public ValidateOptionsResult Validate(string? name, MySqlStorageOptions options)
    {
        var problems = options.Problems(MySqlStorageOptions.Section);
        if (ConnectionProblem(options.ConnectionString) is { } problem)
        {
            // The text itself is not shown: it may hold a password.
            problems.Add($"{MySqlStorageOptions.Section}:{nameof(options.ConnectionString)} {problem}");
        }

        Check(IsTime(options.ConnectTimeout, TimeSpan.FromMinutes(1)), nameof(options.ConnectTimeout), options.ConnectTimeout, "give a time from 1 s to 1 minute, such as 00:00:05");
        Check(IsTime(options.CommandTimeout, TimeSpan.FromHours(1)), nameof(options.CommandTimeout), options.CommandTimeout, "give a time from 1 s to 1 hour, such as 00:00:30");
        Check(options.MaxWriters >= 1, nameof(options.MaxWriters), options.MaxWriters, "give 1 or more, such as 8");
        Check(options.WriteRetries is >= 0 and <= 20, nameof(options.WriteRetries), options.WriteRetries, "give 0 to 20, such as 6");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool right, string key, object value, string remedy) => StorageOptions.Check(problems, MySqlStorageOptions.Section, right, key, value, remedy);
    }

    // The driver's time-outs are whole seconds, and 0 is no limit.
    private static bool IsTime(TimeSpan time, TimeSpan most) => time >= TimeSpan.FromSeconds(1) && time <= most;

    private static string? ConnectionProblem(string text)
    {
        try
        {
            var parts = new MySqlConnectionStringBuilder(text);
            return string.IsNullOrWhiteSpace(parts.Server) ? $"names no server: give one, {Example}"
                : string.IsNullOrWhiteSpace(parts.Database) ? $"names no database: give one, {Example}"
                : null;
        }
        catch (ArgumentException)
        {
            return $"is no connection string: give one, {Example}";
        }
    }
}
