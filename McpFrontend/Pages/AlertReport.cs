using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>The printable report of one alert: figures, conclusion, times, deliveries and history.</summary>
internal static class AlertReport
{
    public static PageWriter Of(AlertHistoryAnswer answer)
    {
        var alert = answer.Alert.Alert;
        var page = new PageWriter($"Alert: {alert.Desk}");
        AddSummary(page, answer);
        page.Heading("Conclusion")
            .Paragraph(alert.Analysis?.Text ?? "not analysed yet", "text")
            .Paragraph(alert.Analysis is { } analysis ? $"written by: {analysis.Source}" : "", "note");
        page.Heading("Times").Table(["station", "at", "since commit"], Times(alert.Receipt));
        page.Heading("Deliveries").Table(
            ["endpoint", "type", "state", "attempts", "delivered", "status", "delivery id"],
            alert.Messages.SelectMany(message => message.Deliveries, (message, delivery) => (IReadOnlyList<string?>)
            [
                delivery.Endpoint,
                message.Kind.TypeName(),
                delivery.State.Name(),
                delivery.Attempts.ToString(CultureInfo.InvariantCulture),
                Time(delivery.DeliveredAt),
                delivery.LastStatus?.ToString(CultureInfo.InvariantCulture),
                delivery.DeliveryId,
            ]));
        page.Heading("History").Table(
            ["at", "what", "revision", "detail"],
            answer.History.Select(step => (IReadOnlyList<string?>)[AlertDocument.Time(step.At), step.Kind, step.Revision.ToString(CultureInfo.InvariantCulture), step.Detail ?? "(withheld)"]));
        return page.Paragraph($"As of {AlertDocument.Time(answer.AsOf)}, request {answer.RequestId}.", "note");
    }

    private static void AddSummary(PageWriter page, AlertHistoryAnswer answer)
    {
        var alert = answer.Alert.Alert;
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
            ("Now", answer.Alert.CurrentValue is { } now ? Money(now, episode.Unit) : null),
            ("Horizon, profile", $"{episode.Key.Horizon}, {episode.Key.Profile}"),
            ("Limit row", string.Create(CultureInfo.InvariantCulture, $"{episode.Limit.LimitId}, version {episode.Limit.Version}")),
            ("Opened", AlertDocument.Time(episode.OpenedAt)),
            ("Revision", episode.Revision.ToString(CultureInfo.InvariantCulture)),
            ("Cause", $"{episode.Cause.Kind.ToString().ToLowerInvariant()} {episode.Cause.Delivery}"),
            ("Feed when judged", alert.Report.Feed.Name()),
            ("Acknowledged", alert.Acknowledgement is { } ack
                ? $"{AlertDocument.Time(ack.At)} by {ack.By}{(ack.OnBehalfOf is { } other ? $" for {other}" : "")}{(ack.Disposition is { } what ? $", {what.Name()}" : "")}"
                : null),
            ("Comment", answer.Alert.View.Comments ? alert.Acknowledgement?.Comment : null),
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
