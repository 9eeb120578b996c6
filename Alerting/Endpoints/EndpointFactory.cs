using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Channels;
using RiskMonitor.Alerting.Grouping;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Makes endpoints of options that were checked.</summary>
internal sealed class EndpointFactory(
    EndpointClients clients,
    AlertLinks links,
    TargetAddresses targets,
    IOptions<AlertingOptions> alerting,
    ListComposer lists,
    EndpointMetrics metrics,
    EndpointLog log,
    TimeProvider time,
    IListRounds? rounds = null)
{
    /// <param name="isConfigured">Whoever writes the configuration may name any address; whoever sets an endpoint at run time may not.</param>
    public AlertEndpoint Create(EndpointOptions options, bool isConfigured) => new(
        options,
        ChannelOf(options, new HttpExchange(clients.Of(options, isConfigured), time), isConfigured ? null : targets),
        new CircuitBreaker(alerting.Value.BreakAfter, alerting.Value.BreakFor, time),
        lists,
        metrics,
        log,
        rounds,
        time);

    private IEndpointChannel ChannelOf(EndpointOptions options, HttpExchange exchange, TargetAddresses? checkedTargets) => options.Kind switch
    {
        EndpointOptions.Webhook => new WebhookChannel(options, exchange, time),
        EndpointOptions.Slack => new JsonChannel(options, options.Url!, SlackMessage.Of, links, exchange),
        EndpointOptions.Teams => new JsonChannel(options, options.Url!, TeamsMessage.Of, links, exchange),
        EndpointOptions.PagerDuty => new JsonChannel(
            options, string.IsNullOrEmpty(options.Url) ? PagerDutyEvent.DefaultUrl : options.Url, card => PagerDutyEvent.Of(card, options.RoutingKey!), links, exchange),
        EndpointOptions.Email => new EmailChannel(options, links, checkedTargets),
        _ => throw new InvalidOperationException($"an endpoint of kind '{options.Kind}' has no channel"),
    };
}
