using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>All endpoints that there are: the one of section <c>Webhook</c>, those of <c>Alerting:Endpoints</c>, and those that were set at run time.</summary>
internal sealed partial class EndpointSet : IAlertRoutes, IEndpointRegistry
{
    private readonly EndpointFactory _factory;
    private readonly ILogger<EndpointSet> _logger;
    private readonly AlertEndpoint[] _configured;
    private readonly Lock _applying = new();

    /// <summary>Those set at run time, with what each was made of. Null for a version that cannot be used, so that it is read and complained of once.</summary>
    private Dictionary<string, (StoredEndpoint Stored, AlertEndpoint? Endpoint)> _stored = new(StringComparer.Ordinal);
    private volatile AlertEndpoint[] _all;

    public EndpointSet(
        IOptions<WebhookOptions> webhook, IOptions<AlertingOptions> alerting, EndpointFactory factory, EndpointMetrics metrics, ILogger<EndpointSet> logger)
    {
        _factory = factory;
        _logger = logger;
        _configured = [.. Configured(webhook.Value, alerting.Value).Select(options => factory.Create(options, isConfigured: true))];
        _all = _configured;
        metrics.Endpoints = () => _all;
    }

    public AlertEndpoint? Find(string name) => Array.Find(_all, endpoint => endpoint.Name == name);

    public bool IsConfigured(string name) => Array.Exists(_configured, endpoint => endpoint.Name == name);

    public IReadOnlyList<EndpointRoute> For(Alert alert, NotificationKind kind)
    {
        var all = _all;
        return all.Length == 0
            // Without any endpoint, messages wait for the one of section Webhook, and say so.
            ? [EndpointRoute.Default]
            : [.. all.Where(endpoint => endpoint.Takes(alert.Desk, alert.Episode.Severity, kind)).Select(endpoint => endpoint.Route)];
    }

    public bool Apply(IReadOnlyList<StoredEndpoint> stored)
    {
        lock (_applying)
        {
            var next = new Dictionary<string, (StoredEndpoint Stored, AlertEndpoint? Endpoint)>(StringComparer.Ordinal);
            var changed = false;
            foreach (var endpoint in stored.Where(endpoint => !IsConfigured(endpoint.Name)))
            {
                if (!_stored.TryGetValue(endpoint.Name, out var made) || made.Stored != endpoint)
                {
                    made = (endpoint, Made(endpoint));
                    changed |= made.Endpoint is not null;
                }

                next.Add(endpoint.Name, made);
            }

            _stored = next;
            _all = [.. _configured, .. next.Values.Select(made => made.Endpoint).OfType<AlertEndpoint>().OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)];
            return changed;
        }
    }

    /// <returns>Null where what is stored is no endpoint that this program knows; the others must not suffer.</returns>
    private AlertEndpoint? Made(StoredEndpoint stored)
    {
        try
        {
            var options = EndpointRules.Parse(stored.Name, stored.Settings);
            var problems = new OptionProblems("endpoint");
            EndpointOptionsCheck.CheckStored(options, stored.Name, problems);
            return problems.All.Count == 0 ? _factory.Create(options, isConfigured: false) : throw new InvalidDataException(problems.All[0]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            LogNotMade(exception, stored.Name, stored.Version);
            return null;
        }
    }

    private static IEnumerable<EndpointOptions> Configured(WebhookOptions webhook, AlertingOptions alerting) => string.IsNullOrEmpty(webhook.Url)
        ? alerting.Endpoints
        : [webhook.AsEndpoint(), .. alerting.Endpoints];

    [LoggerMessage(
        EventId = 3302,
        EventName = "endpoint_unreadable",
        Level = LogLevel.Error,
        Message = "Version {Version} of the stored endpoint {Name} cannot be used and gets no messages; set it again (PUT /api/v1/endpoints/{Name})")]
    private partial void LogNotMade(Exception exception, string name, int version);
}
