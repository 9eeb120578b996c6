using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Sends each message to the endpoint that its delivery names.</summary>
internal sealed class EndpointSender(EndpointSet endpoints) : IAlertSender
{
    public DeliveryPermit? TryAcquirePermit(string endpoint) =>
        endpoints.Find(endpoint) is { } found ? found.TryAcquirePermit() : DeliveryPermit.WithoutEndpoint(WhyNone(endpoint));

    public DeliveryPermit? TryAcquirePermitAlone(string endpoint) =>
        endpoints.Find(endpoint) is { } found ? found.TryAcquireAlone() : DeliveryPermit.WithoutEndpoint(WhyNone(endpoint));

    public ValueTask<DeliveryPermit> AcquirePermitAsync(string endpoint, CancellationToken cancellationToken) =>
        endpoints.Find(endpoint) is { } found
            ? found.AcquirePermitAsync(cancellationToken)
            : ValueTask.FromResult(DeliveryPermit.WithoutEndpoint(WhyNone(endpoint)));

    public ValueTask<DeliveryPermit> AcquirePermitAloneAsync(string endpoint, CancellationToken cancellationToken) =>
        endpoints.Find(endpoint) is { } found
            ? found.AcquireAloneAsync(cancellationToken)
            : ValueTask.FromResult(DeliveryPermit.WithoutEndpoint(WhyNone(endpoint)));

    public Task<DeliveryResult> SendTogetherAsync(string endpoint, IReadOnlyList<OutgoingMessage> messages) =>
        endpoints.Find(endpoint) is { } found
            ? found.SendTogetherAsync(messages)
            : Task.FromResult(new DeliveryResult(DeliveryOutcome.NoEndpoint, WhyNone(endpoint)));

    public Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        endpoints.Find(message.Endpoint) is { } found
            ? found.SendAsync(message, cancellationToken)
            : Task.FromResult(new DeliveryResult(DeliveryOutcome.NoEndpoint, WhyNone(message.Endpoint)));

    private static string WhyNone(string endpoint) => endpoint switch
    {
        EndpointRoute.DefaultEndpoint =>
            $"{WebhookOptions.Section}:{nameof(WebhookOptions.Url)} is not set; alerts wait until an endpoint is set at run time (PUT /api/v1/endpoints/NAME), or until one is configured and the monitor is started again",
        EndpointRoute.NoEndpoint => "no endpoint takes messages of this type about this desk and severity; the alert waits until one does: set one at run time (PUT /api/v1/endpoints/NAME), or configure one and start the monitor again",
        _ => $"there is no endpoint '{endpoint}' any more; its messages wait until there is: set it at run time (PUT /api/v1/endpoints/NAME), or configure it and start the monitor again",
    };
}
