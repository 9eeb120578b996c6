using Microsoft.Extensions.Logging;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Sends each message to the endpoint that its delivery names.</summary>
internal sealed partial class EndpointSender(EndpointSet endpoints, ILogger<EndpointSender> logger) : IAlertSender
{
    public DeliveryPermit? TryAcquirePermit(string endpoint) =>
        endpoints.Find(endpoint) is { } found ? found.TryAcquirePermit() : DeliveryPermit.WithoutEndpoint(WhyNone(endpoint));

    public ValueTask<DeliveryPermit> AcquirePermitAsync(string endpoint, CancellationToken cancellationToken) =>
        endpoints.Find(endpoint) is { } found
            ? found.AcquirePermitAsync(cancellationToken)
            : ValueTask.FromResult(DeliveryPermit.WithoutEndpoint(WhyNone(endpoint)));

    public Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        endpoints.Find(message.Endpoint) is { } found
            ? found.SendAsync(message, gone => LogGone(gone.Name, gone.Address), broken => LogBroken(broken.Name, broken.Address), cancellationToken)
            : Task.FromResult(new DeliveryResult(DeliveryOutcome.NoEndpoint, WhyNone(message.Endpoint)));

    private static string WhyNone(string endpoint) => endpoint switch
    {
        EndpointRoute.DefaultEndpoint =>
            $"{WebhookOptions.Section}:{nameof(WebhookOptions.Url)} is not set; alerts wait until it is set and the monitor is started again, or until an endpoint of that name is set at run time",
        EndpointRoute.NoEndpoint => "no endpoint takes messages of this type about this desk and severity; the alert waits until one does: set one at run time (PUT /api/v1/endpoints/NAME), or configure one and start the monitor again",
        _ => $"there is no endpoint '{endpoint}' any more; its messages wait until there is: set it at run time (PUT /api/v1/endpoints/NAME), or configure it and start the monitor again",
    };

    [LoggerMessage(
        Level = LogLevel.Error,
        EventName = "webhook_endpoint_gone",
        Message = "The endpoint {Name} ({Endpoint}) answered 410 Gone and is disabled; its messages stay pending. Set its new address: at run time where it was set at run time, else in Webhook:Url or Alerting:Endpoints, and restart (event webhook_endpoint_gone)")]
    private partial void LogGone(string name, string endpoint);

    [LoggerMessage(
        EventId = 3301,
        Level = LogLevel.Warning,
        EventName = "endpoint_left_alone",
        Message = "The endpoint {Name} ({Endpoint}) failed several times in a row; its messages wait, and one at a time tries it (event endpoint_left_alone)")]
    private partial void LogBroken(string name, string endpoint);
}
