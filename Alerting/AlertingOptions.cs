using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting;

/// <summary>How long alerts wait, and how often they are delivered again (<c>Alerting:…</c>); unset keys keep the values of <see cref="AlertPolicy.Default"/>.</summary>
public sealed class AlertingOptions : IValidatableObject
{
    public const string Section = "Alerting";

    /// <summary>Waits after the first, second… failed attempt; after the last the alert is a dead letter. Null: the default ladder.</summary>
    public TimeSpan[]? RetryDelays { get; set; }

    /// <summary>Share by which each wait is drawn longer or shorter, 0 to below 1.</summary>
    [Bounds(Min = "0", Below = "1", Usual = "0.2")]
    public double Jitter { get; set; } = AlertPolicy.Default.Jitter;

    /// <summary>A delivered alert without an ack is delivered again after this.</summary>
    [Bounds(Min = "00:00:01", Usual = "00:15:00")]
    public TimeSpan AckTimeout { get; set; } = AlertPolicy.Default.AckTimeout;

    /// <summary>An acknowledged alert whose breach is still open is delivered again after this.</summary>
    [Bounds(Min = "00:00:01", Usual = "1.00:00:00")]
    public TimeSpan RemindOpenAfter { get; set; } = AlertPolicy.Default.RemindOpenAfter;

    /// <summary>How long an alert may stay unacknowledged before the operator is notified, which is the last step of its escalation. Zero: the operator is never notified.</summary>
    [Bounds(Min = "00:00:00", Max = "7.00:00:00", Usual = "01:00:00")]
    public TimeSpan OperatorAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An attempt without an outcome after this time counts as lost and is begun again. It must be longer than a delivery may take.</summary>
    public TimeSpan AttemptLease { get; set; } = AlertPolicy.Default.AttemptLease;

    /// <summary>An analysis without an outcome after this time counts as lost and is begun again.</summary>
    [Bounds(Min = "00:00:01", Usual = "00:00:30")]
    public TimeSpan AnalysisLease { get; set; } = AlertPolicy.Default.AnalysisLease;

    /// <summary>Deliver alerts of breaches that opened and ended inside one database transaction.</summary>
    public bool DeliverTransient { get; set; } = AlertPolicy.Default.DeliverTransient;

    /// <summary>After so many failures in a row an endpoint is left alone; its messages wait.</summary>
    [Bounds(Min = "1", Usual = "10")]
    public int BreakAfter { get; set; } = 10;

    /// <summary>For so long; then one message at a time tries it.</summary>
    [Bounds(Min = "00:00:01", Max = "01:00:00", Usual = "00:00:30")]
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Networks, such as <c>10.20.0.0/16</c>, in which endpoints that are set at run time may be, although they are private ones.
    /// </summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>How often the endpoints that are set at run time are read.</summary>
    [Bounds(Min = "00:00:00.100", Max = "00:05:00", Usual = "00:00:02")]
    public TimeSpan EndpointsInterval { get; set; } = TimeSpan.FromSeconds(2);

    internal IReadOnlyList<IPNetwork> Networks => [.. AllowedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>Where alerts are delivered, beside the endpoint of section <c>Webhook</c>.</summary>
    public EndpointOptions[] Endpoints { get; set; } = [];

    public AlertPolicy ToPolicy() => new(
        RetryDelays ?? AlertPolicy.Default.RetryDelays,
        Jitter,
        AckTimeout,
        RemindOpenAfter,
        AttemptLease,
        AnalysisLease,
        DeliverTransient)
    {
        OperatorAfter = OperatorAfter == TimeSpan.Zero ? null : OperatorAfter,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        if (RetryDelays is { Length: 0 })
        {
            problems.Add(nameof(RetryDelays), "is empty; name at least one wait, or leave the key out for the default ladder");
        }

        foreach (var (i, delay) in (RetryDelays ?? []).Index())
        {
            problems.Require(delay > TimeSpan.Zero, $"{nameof(RetryDelays)}:{i}", delay, "set a wait above zero, such as 00:00:00.500");
        }

        foreach (var (i, network) in AllowedNetworks.Index())
        {
            problems.Require(IPNetwork.TryParse(network, out _), $"{nameof(AllowedNetworks)}:{i}", $"'{network}'", "set a network, such as 10.20.0.0/16, whose address has no bits beyond its prefix");
        }

        foreach (var (i, endpoint) in Endpoints.Index())
        {
            EndpointOptionsCheck.Check(endpoint, $"{nameof(Endpoints)}:{i}", problems);
            problems.Require(
                endpoint.Name != EndpointRoute.DefaultEndpoint && Array.FindIndex(Endpoints, other => other.Name == endpoint.Name) == i,
                $"{nameof(Endpoints)}:{i}:{nameof(EndpointOptions.Name)}",
                $"'{endpoint.Name}'",
                $"give each endpoint a name of its own, and none the name '{EndpointRoute.DefaultEndpoint}', which is that of section Webhook");
        }

        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class AlertingOptionsValidator : IValidateOptions<AlertingOptions>;
