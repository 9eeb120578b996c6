using System.Globalization;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>
/// The page that the link of a list opens: it shows the alerts that the list told of, as they are now, and its button acknowledges those at the revision that
/// the list told of. GET changes nothing, so that programs that open links acknowledge nothing.
/// </summary>
internal sealed class AlertGroupPages(PageRequests requests, AckGroup ackGroup, IAlertGroupStore groups, AlertLinks links)
{
    private const string Path = "/alerts/groups/{group_id}";
    private const string Argument = "group_id";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Open routes, because the handlers check the link's token themselves.
        routes.MapGet(Path, (HttpContext context, AlertGroupPages pages, string group_id) => pages.ShowAsync(context, group_id)).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, (HttpContext context, AlertGroupPages pages, string group_id) => pages.AcknowledgeAsync(context, group_id))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    private async Task ShowAsync(HttpContext context, string groupId)
    {
        var token = PageRequests.TokenIn(context);
        if (await OpenedAsync(context, groupId, token) is not var (group, holder))
        {
            return;
        }

        await requests.RunAsync(context, holder, GetAlert.Tool, Argument, async (call, cancellationToken) =>
        {
            var current = await groups.CurrentAsync(group, cancellationToken);
            var rows = group.Alerts.Select(listed => (Listed: listed, Alert: current.GetValueOrDefault(listed.AlertId))).ToList();
            var page = new PageWriter(string.Create(CultureInfo.InvariantCulture, $"{group.Alerts.Count} alerts"))
                .Paragraph($"Listed at {AlertDocument.Time(group.CreatedAt)} for {group.Endpoint}; shown as they are at {AlertDocument.Time(call.AsOf)}.", "note")
                .Table(["severity", "alert", "state"], rows.Select(row => (IReadOnlyList<string?>)
                [
                    row.Alert?.Episode.Severity.Name(),
                    row.Alert is { } alert ? AlertDocument.Sentence(alert) : $"{row.Listed.Desk}: {row.Listed.AlertId:D}",
                    StateOf(row.Listed, row.Alert),
                ]));
            var open = rows.Count(row => IsOpen(row.Listed, row.Alert));
            return open == 0
                ? page.Paragraph("Nothing of this list is left to acknowledge.")
                : AckForm.AddTo(page, string.Create(CultureInfo.InvariantCulture, $"Acknowledge {open}"), token!);
        });
    }

    private async Task AcknowledgeAsync(HttpContext context, string groupId)
    {
        if (await requests.FormAsync(context) is not { } form)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.InvalidInput, "the form did not arrive whole; open the link again"));
            return;
        }

        if (await OpenedAsync(context, groupId, PageRequests.Text(form, AlertLinks.TokenParameter)) is not var (group, holder))
        {
            return;
        }

        var input = new GroupAckInput(PageRequests.Text(form, AckForm.Name), PageRequests.Text(form, AckForm.Comment), PageRequests.Text(form, AckForm.Disposition));
        await requests.RunAsync(context, holder, AckAlert.Tool, Argument, async (call, cancellationToken) =>
        {
            var acked = await ackGroup.AskAsync(group, input, call, cancellationToken);
            var refused = acked.Where(one => one.Outcome is not ("accepted" or "repeated")).ToList();
            return new PageWriter(string.Create(CultureInfo.InvariantCulture, $"{acked.Count - refused.Count} of {acked.Count} acknowledged"))
                .Facts(
                [
                    ("Acknowledged now", Count("accepted")),
                    ("Acknowledged before; the first acknowledgement stands", Count("repeated")),
                    ("Not acknowledged", refused.Count > 0 ? refused.Count.ToString(CultureInfo.InvariantCulture) : null),
                ])
                .Table(["desk", "alert", "outcome"], acked.Select(one => (IReadOnlyList<string?>)[one.Alert.Desk, one.Alert.AlertId.ToString("D"), one.Outcome]));

            string Count(string outcome) => acked.Count(one => one.Outcome == outcome).ToString(CultureInfo.InvariantCulture);
        });
    }

    /// <summary>The list, and who holds its link: a risk manager for the desks of the list, who is known only by where the message was sent.</summary>
    /// <returns>Null where the link opens nothing; then the request has been answered.</returns>
    private async Task<(AlertGroup Group, Caller Holder)?> OpenedAsync(HttpContext context, string groupId, string? token)
    {
        if (links.ReadGroup(groupId, token, requests.Now, out var problem) is not { } endpoint || await groups.FindAsync(groupId, context.RequestAborted) is not { } group)
        {
            await PageRequests.RefuseAsync(context, new RequestException(RequestError.Unauthenticated, problem ?? "this link is of a list that is no longer there"));
            return null;
        }

        var desks = group.Alerts.Select(alert => alert.Desk).ToHashSet(StringComparer.Ordinal);
        return (group, new Caller(UserName.OfLink(endpoint), Role.RiskManager, desks, Clearance.Desk) { Address = RequestRunner.AddressOf(context) });
    }

    /// <summary>The list's button would acknowledge it.</summary>
    private static bool IsOpen(GroupedAlert listed, Alert? alert) =>
        listed.NeedsAck && alert is { Acknowledgement: null } && alert.Revision == listed.Revision;

    private static string StateOf(GroupedAlert listed, Alert? alert) =>
        alert is null ? "cannot be read just now"
        : alert.Revision != listed.Revision ? string.Create(CultureInfo.InvariantCulture, $"escalated to revision {alert.Revision}, which this list does not cover")
        : alert.Acknowledgement is { } ack ? $"acknowledged at {AlertDocument.Time(ack.At)} by {ack.OnBehalfOf ?? ack.By}"
        : listed.NeedsAck ? "not acknowledged"
        : "over; needs no acknowledgement";
}
