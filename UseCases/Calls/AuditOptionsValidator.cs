using Microsoft.Extensions.Options;

namespace RiskMonitor.UseCases.Calls;

public sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    private static readonly TimeSpan s_shortestInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var problems = new List<string>();
        Check(options.Retention > TimeSpan.Zero, nameof(options.Retention), options.Retention, "give a time above zero (usual: 90.00:00:00)");
        Check(
            options.WriteInterval >= s_shortestInterval && options.WriteInterval <= s_longestInterval,
            nameof(options.WriteInterval),
            options.WriteInterval,
            "give a time from 10 ms to 1 minute (usual: 00:00:00.250)");
        Check(options.MostWaiting is >= 1 and <= 1_000_000, nameof(options.MostWaiting), options.MostWaiting, "give a number from 1 to 1000000 (usual: 20000)");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool isRight, string key, object value, string remedy)
        {
            if (!isRight)
            {
                problems.Add($"{AuditOptions.Section}:{key} is {value}; {remedy}");
            }
        }
    }
}
