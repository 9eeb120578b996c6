using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.PagerDuty;

/// <summary>
/// Takes PagerDuty's webhooks: a person who acknowledges or resolves an incident there acknowledges its alert here. An event counts for the message that the person
/// can have read, so that neither a repeated event nor one that crosses an escalation acknowledges anything newer.
/// </summary>
internal sealed class PagerDutyWebhook(
    IOptions<PagerDutyOptions> options,
    BodyReader bodies,
    CallRunner calls,
    AckAlert ackAlert,
    IAlertQueries alerts,
    PagerDutyMetrics metrics)
{
    private const int MostBytes = 256 * 1024;
    private const string Ignored = "ignored";

    public static void Map(IEndpointRouteBuilder routes) =>
        // An open route, because the handler checks the signature.
        routes.MapPost("/pagerduty/{endpoint}", (HttpContext context, PagerDutyWebhook webhook, string endpoint) => webhook.ReceiveAsync(context, endpoint))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private async Task ReceiveAsync(HttpContext context, string endpoint)
    {
        var requestId = RequestRunner.NewRequestId(context);
        try
        {
            var (outcome, reason) = await HandleAsync(context, requestId, endpoint);
            metrics.Count(outcome);
            await context.Response.WriteAsJsonAsync(new { outcome, reason }, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more; PagerDuty sends the event again.
        }
        catch (RequestException error)
        {
            metrics.Count(error.Code is RequestError.Unauthenticated or RequestError.NotFound or RequestError.InvalidInput ? "refused" : "failed");
            await Problem.Of(error, requestId).WriteAsync(context);
        }
    }

    /// <returns>What became of the event. What can never be accepted is ignored and not refused, because PagerDuty sends refused events again.</returns>
    private async Task<(string Outcome, string? Reason)> HandleAsync(HttpContext context, string requestId, string endpoint)
    {
        var receiver = Array.Find(options.Value.Receivers, receiver => receiver.Endpoint == endpoint)
            ?? throw new RequestException(RequestError.NotFound, $"no subscription of PagerDuty is configured for '{endpoint}'; set {PagerDutyOptions.Section}:Receivers");
        var body = (await bodies.ReadAsync(context, MostBytes, $"pagerduty:{endpoint}")).ToArray();
        if (!PagerDutySignature.IsGenuine(context.Request.Headers[PagerDutySignature.Header], body, receiver.Secrets))
        {
            throw new RequestException(RequestError.Unauthenticated, $"{PagerDutySignature.Header} has no signature by a secret of this subscription over this body");
        }

        if (PagerDutyEvent.Read(body) is not { } happened)
        {
            return (Ignored, "it is no event of Webhooks v3");
        }

        if (happened.Type is not ("incident.acknowledged" or "incident.resolved"))
        {
            return (Ignored, "only incident.acknowledged and incident.resolved are of use");
        }

        if (happened.Person is null)
        {
            return (Ignored, "no person did it");
        }

        if (happened.AlertId is not { } alertId || await alerts.FindAsync(alertId, null, context.RequestAborted) is not ({ } alert, _))
        {
            return (Ignored, "the incident is of no alert");
        }

        if (alert.Notice is not { } notice || notice.Deliveries.FirstOrDefault(delivery => delivery.Endpoint == endpoint && delivery.Attempts > 0) is not { } delivery)
        {
            return (Ignored, "the current message did not go there");
        }

        // Reminders of a revision say the same, so an event that was late is still about it.
        return happened.At < (alert.NoticedAt ?? notice.CreatedAt)
            ? (Ignored, "it is older than the current revision, or its last acknowledgement")
            : await AcknowledgeAsync(context, requestId, endpoint, alert, delivery, happened);
    }

    private async Task<(string Outcome, string? Reason)> AcknowledgeAsync(
        HttpContext context, string requestId, string endpoint, Alert alert, EndpointDelivery delivery, PagerDutyEvent happened)
    {
        var caller = new Caller(UserName.OfPager(endpoint), Role.RiskManager, new HashSet<string>([alert.Desk], StringComparer.Ordinal), Clearance.Desk)
        {
            Address = RequestRunner.AddressOf(context),
        };
        var what = happened.Type == "incident.resolved" ? "resolved" : "acknowledged";
        var comment = string.Create(CultureInfo.InvariantCulture, $"{what} in PagerDuty at {AlertDocument.Time(happened.At)}, incident {happened.Incident ?? "without id"}");
        var call = new Call(requestId, AckAlert.Tool, caller, Channel.Http) { Asked = Asked.Of(["alert_id"], alert.Desk) };
        try
        {
            var answer = await calls.RunAsync(
                call,
                (asked, cancellationToken) => ackAlert.AskAsync(
                    new AckAlertInput(alert.AlertId.ToString("D"), delivery.DeliveryId, happened.Person, comment, null, null), asked, cancellationToken),
                context.RequestAborted);
            return (answer.Outcome, null);
        }
        catch (RequestException refused) when (refused.Code is RequestError.Conflict or RequestError.InvalidInput or RequestError.NotFound)
        {
            // The alert moved on between reading it and acknowledging it.
            return (Ignored, refused.Message);
        }
    }
}
