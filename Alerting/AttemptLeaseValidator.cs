using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting;

/// <summary>
/// Refuses a lease that could run out while a delivery is still on its way, which would post it twice: an attempt is stored, and then waits up to one timeout
/// for the receiver. This rule is apart from <see cref="AlertingOptions"/> because it compares two sections.
/// </summary>
/// <param name="webhookTimeout">As configured; the webhook's own options say whether it is right.</param>
internal sealed class AttemptLeaseValidator(TimeSpan webhookTimeout) : IValidateOptions<AlertingOptions>
{
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, AlertingOptions options)
    {
        var (timeout, key) = options.Endpoints.Index()
            .Select(endpoint => (endpoint.Item.Timeout, Key: $"{AlertingOptions.Section}:{nameof(options.Endpoints)}:{endpoint.Index}:{nameof(EndpointOptions.Timeout)}"))
            .Prepend((Timeout: webhookTimeout, Key: $"{WebhookOptions.Section}:{nameof(WebhookOptions.Timeout)}"))
            .MaxBy(endpoint => endpoint.Timeout);
        var least = (2 * timeout) + s_margin;
        var problems = new OptionProblems(AlertingOptions.Section);
        problems.Require(
            options.AttemptLease >= least,
            nameof(options.AttemptLease),
            options.AttemptLease,
            $"set it to {least} or more (longer than twice {key}, which is {timeout})");
        return problems.All.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.All);
    }
}
