using System.Globalization;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>Writes the list of several messages, and stores which alerts it tells of before it is posted, where its link can be signed.</summary>
/// <param name="groups">Null: lists carry no link.</param>
internal sealed class ListComposer(AlertLinks links, TimeProvider time, IAlertGroupStore? groups = null)
{
    private static readonly string[] s_severities = ["CRITICAL", "WARNING", "INFO"];

    public async Task<AlertCard> ComposeAsync(string endpoint, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var cards = messages.Select(message => AlertCard.Of(message, AlertLinks.None)).OrderBy(Rank).ThenBy(card => card.Desk, StringComparer.Ordinal).ToList();
        var group = new AlertGroup(
            $"{AlertGroup.IdPrefix}{Guid.CreateVersion7(now):N}",
            endpoint,
            now,
            links.EndOf(now),
            [.. cards.Select(card => new GroupedAlert(card.Source.AlertId, card.Source.Revision, card.Source.DeliveryId, card.Desk, !card.IsCured))]);
        var page = groups is null ? null : links.PageOf(group);
        if (page is not null)
        {
            await groups!.SaveAsync(group, cancellationToken);
        }

        return Card(group, cards, page);
    }

    private static AlertCard Card(AlertGroup group, List<AlertCard> cards, Uri? page)
    {
        var open = cards.Where(card => !card.IsCured).ToList();
        (string Name, int Count)[] counts =
        [
            .. s_severities.Select(severity => (severity, open.Count(card => card.Severity == severity))),
            ("over", cards.Count - open.Count),
        ];
        var kind = open.Count > 0 ? NotificationKind.Opened : NotificationKind.Cured;
        return new AlertCard(
            new OutgoingMessage(group.Endpoint, group.GroupId, Guid.Empty, 1, kind, "", group.CreatedAt),
            "",
            s_severities.FirstOrDefault(severity => open.Exists(card => card.Severity == severity)) ?? s_severities[^1],
            "",
            AlertDocument.Time(group.CreatedAt),
            string.Create(CultureInfo.InvariantCulture, $"{cards.Count} limit breaches: {string.Join(", ", counts.Where(count => count.Count > 0).Select(count => $"{count.Count} {count.Name}"))}"),
            "These breaches came close together. Each of them is an alert with a report and an acknowledgement of its own.",
            [
                ("Desks", cards.Select(card => card.Desk).Distinct(StringComparer.Ordinal).Count().ToString(CultureInfo.InvariantCulture)),
                .. counts.Where(count => count.Count > 0).Select(count => (count.Name, count.Count.ToString(CultureInfo.InvariantCulture))),
            ],
            null,
            page,
            null)
        {
            Lines = [.. cards.Select(card => card.Line)],
            PageTitle = open.Count > 0 ? "Show all and acknowledge" : "Show all",
        };
    }

    /// <summary>Open before over, then the severest first.</summary>
    private static int Rank(AlertCard card) => (card.IsCured ? s_severities.Length + 1 : 0) + Array.IndexOf(s_severities, card.Severity);
}
