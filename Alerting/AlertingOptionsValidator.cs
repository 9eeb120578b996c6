using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting;

/// <summary>Refuses a policy by which alerts could be lost or repeated without end.</summary>
/// <param name="webhookTimeout">As configured; whether it is right itself is said elsewhere.</param>
internal sealed class AlertingOptionsValidator(TimeSpan webhookTimeout) : IValidateOptions<AlertingOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, AlertingOptions options)
    {
        var problems = new List<string>();
        AtLeast(nameof(options.AckTimeout), options.AckTimeout, Least, "usual: 00:15:00");
        AtLeast(nameof(options.RemindOpenAfter), options.RemindOpenAfter, Least, "usual: 1.00:00:00");
        AtLeast(nameof(options.AnalysisLease), options.AnalysisLease, Least, "usual: 00:00:30");

        // An attempt is stored, then waits up to one timeout for the receiver. Were the lease shorter, it would be sent twice.
        var longestAttempt = 2 * webhookTimeout;
        AtLeast(
            nameof(options.AttemptLease),
            options.AttemptLease,
            longestAttempt + Least,
            $"longer than twice {WebhookOptions.Section}:{nameof(WebhookOptions.Timeout)}, which is {webhookTimeout}");

        if (options.Jitter is not (>= 0 and < 1))
        {
            problems.Add(Invariant($"{Key(nameof(options.Jitter))} is {options.Jitter}; set a share from 0 to below 1 (usual: 0.2)"));
        }

        if (options.RetryDelays is { Length: 0 })
        {
            problems.Add($"{Key(nameof(options.RetryDelays))} is empty; name at least one wait, or leave the key out for the default ladder");
        }

        foreach (var (i, delay) in (options.RetryDelays ?? []).Index())
        {
            if (delay <= TimeSpan.Zero)
            {
                problems.Add(Invariant($"{Key(nameof(options.RetryDelays))}:{i} is {delay}; set a wait above zero, such as 00:00:00.500"));
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void AtLeast(string key, TimeSpan value, TimeSpan least, string hint)
        {
            if (value < least)
            {
                problems.Add($"{Key(key)} is {value}; set it to {least} or more ({hint})");
            }
        }
    }

    private static string Key(string name) => $"{AlertingOptions.Section}:{name}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
