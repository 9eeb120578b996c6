using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Webhooks;

internal sealed partial class WebhookSender
{
    [LoggerMessage(
        Level = LogLevel.Error,
        EventName = "webhook_endpoint_gone",
        Message = "The webhook endpoint {Endpoint} answered 410 Gone and is disabled; its alerts stay pending. Set Webhook:Url to the new address and restart (event webhook_endpoint_gone)")]
    private partial void LogGone(string endpoint);
}
