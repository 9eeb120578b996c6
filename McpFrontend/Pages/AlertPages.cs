using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>
/// The pages that messages link to: an alert's report, and the page that acknowledges it. A link's token lets its holder in for this one alert and without
/// drivers; without a token the caller's own credentials count. GET changes nothing, so that programs that open links acknowledge nothing.
/// </summary>
internal sealed class AlertPages(PageRequests requests, CallerSource callers, GetAlert getAlert, GetAlertReport getReport, AckAlert ackAlert, IAlertQueries alerts, AlertLinks links)
{
    private const string Argument = "alert_id";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{RiskApi.Prefix}/alerts/{{alert_id}}/report", (HttpContext context, AlertPages pages, RequestRunner runner) => runner.RunAsync(
                context,
                GetAlertReport.Tool,
                (call, cancellationToken) =>
                {
                    Query.Read(context.Request, []);
                    return pages.ReportAsync(RawPath.Segment(context, "alert_id", fromEnd: 2), call, cancellationToken);
                },
                page => page.WriteAsync(context, StatusCodes.Status200OK)))
            .Documents<string>(GetAlertReport.Tool, "One alert as a printable page, with the evidence about it.", [], "alert_id", contentType: "text/html");

        // Open routes, because the handlers check the link's token or the credentials themselves.
        routes.MapGet("/alerts/{alert_id:guid}", (HttpContext context, AlertPages pages, Guid alert_id) => pages.ShowAsync(context, alert_id)).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/alerts/{alert_id:guid}/ack", (HttpContext context, AlertPages pages, Guid alert_id) => pages.ConfirmAsync(context, alert_id)).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/alerts/{alert_id:guid}/ack", (HttpContext context, AlertPages pages, Guid alert_id) => pages.AcknowledgeAsync(context, alert_id))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    private async Task ShowAsync(HttpContext context, Guid alertId)
    {
        var token = PageRequests.TokenIn(context);
        var (caller, _) = token is null ? (await callers.FindAsync(context, context.RequestAborted), null) : await HolderAsync(context, alertId, token);
        if (caller is null)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.Unauthenticated, token is null ? "open the link in a message, or send credentials" : ProblemOf(alertId, token)));
            return;
        }

        await requests.RunAsync(context, caller, GetAlertReport.Tool, Argument, async (call, cancellationToken) =>
        {
            var page = await ReportAsync(alertId.ToString("D"), call, cancellationToken);
            return token is null ? page : page.Link($"{alertId:D}/ack?{AlertLinks.TokenParameter}={Uri.EscapeDataString(token)}", "Acknowledge…");
        });
    }

    /// <summary>The report. Its table of evidence has hashes, and nothing of what they cover.</summary>
    private async Task<PageWriter> ReportAsync(string alertId, CallContext call, CancellationToken cancellationToken)
    {
        var (answer, records) = await getReport.AskAsync(alertId, call, cancellationToken);
        return AlertReport.Of(answer, records);
    }

    /// <summary>Shows what would be acknowledged, and a button. It changes nothing.</summary>
    private async Task ConfirmAsync(HttpContext context, Guid alertId)
    {
        var token = PageRequests.TokenIn(context);
        var (holder, link) = await HolderAsync(context, alertId, token);
        if (holder is null)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.Unauthenticated, ProblemOf(alertId, token)));
            return;
        }

        await requests.RunAsync(context, holder, GetAlert.Tool, Argument, async (call, cancellationToken) =>
        {
            var alert = (await getAlert.AskAsync(alertId.ToString("D"), call, cancellationToken)).Alert.Alert;
            var page = new PageWriter($"Acknowledge: {alert.Desk}").Paragraph(AlertDocument.Sentence(alert), "text");
            return alert.Revision != link!.Revision
                ? page.Paragraph($"The alert has escalated to revision {alert.Revision}; this link acknowledges revision {link.Revision} only. Open the link of the newer message.")
                : alert.Acknowledgement is { } ack ? page.Paragraph($"Acknowledged already, at {AlertDocument.Time(ack.At)} by {ack.OnBehalfOf ?? ack.By}.")
                : AckForm.AddTo(page, "Acknowledge", token!);
        });
    }

    private async Task AcknowledgeAsync(HttpContext context, Guid alertId)
    {
        if (await requests.FormAsync(context) is not { } form)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.InvalidInput, "the form did not arrive whole; open the link again"));
            return;
        }

        var token = PageRequests.Text(form, AlertLinks.TokenParameter);
        var (holder, link) = await HolderAsync(context, alertId, token);
        if (holder is null)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.Unauthenticated, ProblemOf(alertId, token)));
            return;
        }

        await requests.RunAsync(context, holder, AckAlert.Tool, Argument, async (call, cancellationToken) =>
        {
            var answer = await ackAlert.AskAsync(
                new AckAlertInput(alertId.ToString("D"), link!.DeliveryId, PageRequests.Text(form, AckForm.Name), PageRequests.Text(form, AckForm.Comment), PageRequests.Text(form, AckForm.Disposition), null), call, cancellationToken);
            return new PageWriter($"Acknowledged: {answer.Desk}").Facts(
            [
                ("Outcome", answer.Outcome == "repeated" ? "was acknowledged before; the first acknowledgement stands" : answer.Outcome),
                ("At", answer.ConsumedAt is { } at ? AlertDocument.Time(at) : null),
                ("By", answer.OnBehalfOf is { } other ? $"{other} ({answer.AckedBy})" : answer.AckedBy),
            ]);
        });
    }

    /// <summary>Who holds a link: a risk manager for the desk of its alert, who is known only by where the message was sent.</summary>
    private async Task<(Caller? Caller, AlertLink? Link)> HolderAsync(HttpContext context, Guid alertId, string? token)
    {
        if (links.Read(alertId, token, requests.Now, out _) is not { } link
            || await alerts.FindAsync(alertId, null, context.RequestAborted) is not { } found)
        {
            return (null, null);
        }

        var caller = new Caller(UserName.OfLink(link.Endpoint), Role.RiskManager, new HashSet<string>([found.Alert.Desk], StringComparer.Ordinal), Clearance.Desk)
        {
            Address = RequestRunner.AddressOf(context),
        };
        return (caller, link);
    }

    private string ProblemOf(Guid alertId, string? token)
    {
        links.Read(alertId, token, requests.Now, out var problem);
        return problem ?? "this link is of an alert that is no longer there";
    }
}
