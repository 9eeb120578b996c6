using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>The printable report of one alert: figures, limits, conclusion, times, deliveries, history, and the entries of evidence about it with their hashes.</summary>
public static class AlertReport
{
    /// <summary>The report as a page that needs nothing beside itself, for an auditor who may see everything.</summary>
    public static string Html(Alert alert, IReadOnlyList<AlertEvent> history, AlertRecords records, DateTimeOffset asOf) => Of(
        new AlertAnswer(alert, AlertView.Full, null), [.. history.Select(step => HistoryAnswer.Of(step, AlertView.Full))], records)
        .Paragraph($"As of {AlertDocument.Time(asOf)}.", "note").ToHtml();

    internal static PageWriter Of(AlertHistoryAnswer answer, AlertRecords records) => Of(answer.Alert, answer.History, records)
        .Paragraph($"As of {AlertDocument.Time(answer.AsOf)}, request {answer.RequestId}.", "note");

    private static PageWriter Of(AlertAnswer answer, IReadOnlyList<HistoryAnswer> history, AlertRecords records)
    {
        var alert = answer.Alert;
        var page = new PageWriter($"Alert: {alert.Desk}");
        AddSummary(page, answer);
        AddLimits(page, alert, records.Limits);
        page.Heading("Conclusion")
            .Paragraph(alert.Analysis?.Text ?? "not analysed yet", "text")
            .Paragraph(alert.Analysis is { } analysis ? $"written by: {analysis.Source}" : "", "note");
        page.Heading("Times").Table(["station", "at", "since commit"], Times(alert.Receipt));
        AddDeliveries(page, alert, records.Deliveries);
        page.Heading("History").Table(
            ["at", "what", "revision", "detail"],
            history.Select(step => (IReadOnlyList<string?>)[AlertDocument.Time(step.At), step.Kind, step.Revision.ToString(CultureInfo.InvariantCulture), step.Detail ?? "(withheld)"]));
        AddEvidence(page, records.Evidence);
        return page;
    }

    /// <summary>The version that was breached, and those since.</summary>
    private static void AddLimits(PageWriter page, Alert alert, IReadOnlyList<LimitVersion> limits)
    {
        page.Heading("Limit").Table(
            ["version", "threshold", "warning, cure ratio", "valid", "changed", "by", "reason"],
            limits.Where(version => version.Limit.Version >= alert.Episode.Limit.Version).OrderBy(version => version.Limit.Version).Select(version => (IReadOnlyList<string?>)
            [
                string.Create(CultureInfo.InvariantCulture, $"{version.Limit.Version}{(version.Limit.Version == alert.Episode.Limit.Version ? " (breached)" : "")}{(version.Removed ? " (removed)" : "")}"),
                AlertDocument.Money(version.Limit.Threshold),
                string.Create(CultureInfo.InvariantCulture, $"{version.Limit.WarningRatio}, {version.Limit.CureRatio}"),
                $"{Time(version.Limit.ValidFrom) ?? "always"} to {Time(version.Limit.ValidTo) ?? "always"}",
                AlertDocument.Time(version.ChangedAt),
                version.Limit.ChangedBy,
                version.Limit.Reason,
            ]));
    }

    /// <summary>All deliveries of the log, of earlier revisions too. The hash is that of the body that each was written with.</summary>
    private static void AddDeliveries(PageWriter page, Alert alert, IReadOnlyList<LoggedDelivery> deliveries)
    {
        var hashes = alert.Deliveries.DistinctBy(past => past.DeliveryId).ToDictionary(past => past.DeliveryId, past => past.BodySha256);
        page.Heading("Deliveries").Table(
            ["created", "endpoint", "type", "revision", "state", "attempts", "delivered", "status", "delivery id, SHA-256 of the message"],
            deliveries.OrderBy(delivery => delivery.CreatedAt).ThenBy(delivery => delivery.DeliveryId, StringComparer.Ordinal).Select(delivery => (IReadOnlyList<string?>)
            [
                AlertDocument.Time(delivery.CreatedAt),
                delivery.Endpoint,
                delivery.Kind,
                delivery.Revision.ToString(CultureInfo.InvariantCulture),
                delivery.State,
                delivery.Attempts.ToString(CultureInfo.InvariantCulture),
                Time(delivery.DeliveredAt),
                delivery.LastStatus?.ToString(CultureInfo.InvariantCulture),
                $"{delivery.DeliveryId}\n{hashes.GetValueOrDefault(delivery.DeliveryId)}",
            ]));
    }

    private static void AddEvidence(PageWriter page, IReadOnlyList<EvidenceEntry> evidence)
    {
        page.Heading("Evidence");
        if (evidence.Count == 0)
        {
            page.Paragraph("The alert is older than the chains of evidence, or than the entries kept.", "note");
            return;
        }

        page.Table(
            ["entry", "at", "what", "version", "hash"],
            evidence.Select(entry => (IReadOnlyList<string?>)
            [
                string.Create(CultureInfo.InvariantCulture, $"{entry.Chain}:{entry.Sequence}"),
                AlertDocument.Time(entry.At),
                entry.Kind,
                entry.Ordinal.ToString(CultureInfo.InvariantCulture),
                HashOf(entry),
            ]));
        page.Paragraph("riskmonitor audit verify checks these entries, and the rows that they record. Each hash covers the hash of the entry before it in its chain.", "note");
    }

    private static string HashOf(EvidenceEntry entry) =>
        entry.IsSound ? entry.Hash
        : entry.IsCheckable ? $"{entry.Hash} (the entry was changed: this is not the hash of its content)"
        : $"{entry.Hash} (made with the key {EvidenceKeys.IdOfChain(entry.Chain)}, which is not known here)";

    private static void AddSummary(PageWriter page, AlertAnswer answer)
    {
        var alert = answer.Alert;
        var episode = alert.Episode;
        page.Facts(
        [
            ("Desk", alert.Desk),
            ("Severity", episode.Severity.Name()),
            ("Status", alert.Status.Name()),
            ("Breach", episode.IsOpen ? "open" : $"over since {Time(episode.CuredAt)}"),
            (episode.Key.Metric.Name(), Money(episode.Value, episode.Unit)),
            ("Limit", Money(episode.Threshold, episode.Unit)),
            ("Over by", Money(Math.Abs(episode.Value) - episode.Threshold, episode.Unit)),
            ("Peak", $"{Money(episode.PeakValue, episode.Unit)} at {AlertDocument.Time(episode.PeakAt)}"),
            ("Now", answer.CurrentValue is { } now ? Money(now, episode.Unit) : null),
            ("Horizon, profile", $"{episode.Key.Horizon}, {episode.Key.Profile}"),
            ("Limit row", string.Create(CultureInfo.InvariantCulture, $"{episode.Limit.LimitId}, version {episode.Limit.Version}")),
            ("Opened", AlertDocument.Time(episode.OpenedAt)),
            ("Revision", episode.Revision.ToString(CultureInfo.InvariantCulture)),
            ("Cause", $"{episode.Cause.Kind.ToString().ToLowerInvariant()} {episode.Cause.Delivery}"),
            ("Feed when judged", alert.Report.Feed.Name()),
            ("Acknowledged", alert.Acknowledgement is { } ack
                ? $"{AlertDocument.Time(ack.At)} by {ack.By}{(ack.OnBehalfOf is { } other ? $" for {other}" : "")}{(ack.Disposition is { } what ? $", {what.Name()}" : "")}"
                : null),
            ("Comment", answer.View.Comments ? alert.Acknowledgement?.Comment : null),
            ("Acknowledged message", alert.Acknowledgement is { DeliveryId: { } read }
                ? $"{read}, SHA-256 {alert.Deliveries.FirstOrDefault(past => past.DeliveryId == read)?.BodySha256 ?? "not kept"}"
                : null),
            ("Alert", alert.AlertId.ToString("D")),
            ("Request", alert.RequestId),
        ]);
    }

    private static IEnumerable<IReadOnlyList<string?>> Times(LatencyReceipt receipt)
    {
        (string Station, DateTimeOffset? At)[] stations =
        [
            ("committed by the source", receipt.Committed?.CommittedAt),
            ("ingested", receipt.IngestedAt),
            ("detected", receipt.DetectedAt),
            ("analysed", receipt.AnalysedAt),
            ("first attempt", receipt.FirstAttemptAt),
            ("delivered", receipt.DeliveredAt),
        ];
        return stations.Where(station => station.At is not null).Select(station => (IReadOnlyList<string?>)
        [
            station.Station,
            Time(station.At),
            receipt.Committed is { } committed ? string.Create(CultureInfo.InvariantCulture, $"{(station.At!.Value - committed.CommittedAt).TotalMilliseconds:0} ms") : "",
        ]);
    }

    private static string Money(decimal amount, string unit) => $"{AlertDocument.Money(amount)} {Units.Beside(unit)}".TrimEnd();

    private static string? Time(DateTimeOffset? at) => at is { } known ? AlertDocument.Time(known) : null;
}
