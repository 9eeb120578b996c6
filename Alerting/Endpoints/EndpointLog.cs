using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>What happens to endpoints that an operator should know.</summary>
internal sealed partial class EndpointLog(ILogger<EndpointLog> logger)
{
    [LoggerMessage(
        Level = LogLevel.Error,
        EventName = "webhook_endpoint_gone",
        Message = "The endpoint {Name} ({Endpoint}) answered 410 Gone and is disabled; its messages stay pending. Set its new address: at run time where it was set at run time, else in Webhook:Url or Alerting:Endpoints, and restart (event webhook_endpoint_gone)")]
    public partial void Gone(string name, string endpoint);

    [LoggerMessage(
        EventId = 3301,
        Level = LogLevel.Warning,
        EventName = "endpoint_left_alone",
        Message = "The endpoint {Name} ({Endpoint}) failed several times in a row; its messages wait, and one at a time tries it (event endpoint_left_alone)")]
    public partial void Broken(string name, string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo that gathers the messages to the endpoint {Name} did not answer; asked again in a moment, and after some times this silo posts its messages by itself")]
    public partial void RoundFailed(Exception exception, string name);
}
