using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Evidence;

/// <summary>
/// Writes the messages of an alert again, from the reports that the desk's journal leads to, and compares them with those that were sent. What the journal
/// does not have is taken from the stored alert and named: the analyst's answer with its hash, and when it came.
/// </summary>
/// <param name="compose">Writes the body of a message, as the product does.</param>
public sealed class PayloadReplay(Func<Alert, NotificationKind, DateTimeOffset, string> compose)
{
    private static readonly AlertStatus[] s_statuses = [AlertStatus.PendingDelivery, AlertStatus.Delivered, AlertStatus.Consumed, AlertStatus.DeadLetter, AlertStatus.PendingAnalysis];

    /// <param name="alert">The alert as it is stored.</param>
    /// <param name="reports">What the journal leads to of this alert, in the order of the records.</param>
    /// <param name="deliveries">Its rows of the delivery log.</param>
    /// <param name="analyses">The analyst's answer to each revision, as the evidence has it.</param>
    public IReadOnlyList<ReplayedPayload> Replay(
        Alert alert, IReadOnlyList<EpisodeReport> reports, IEnumerable<LoggedDelivery> deliveries, IReadOnlyDictionary<int, RecordedAnalysis> analyses) =>
    [
        .. deliveries.OrderBy(delivery => delivery.CreatedAt).ThenBy(delivery => delivery.DeliveryId, StringComparer.Ordinal)
            .Select(delivery => Replay(alert, reports, delivery, analyses.GetValueOrDefault(delivery.Revision))),
    ];

    private ReplayedPayload Replay(Alert alert, IReadOnlyList<EpisodeReport> reports, LoggedDelivery delivery, RecordedAnalysis? analysis)
    {
        var stored = StoredBody(alert, delivery.DeliveryId);
        var hash = alert.Deliveries.FirstOrDefault(past => past.DeliveryId == delivery.DeliveryId)?.BodySha256;
        var result = new ReplayedPayload(delivery.DeliveryId, delivery.Endpoint, delivery.Kind, delivery.Revision, hash, null, null, stored, null, "");
        if (hash is null)
        {
            return result with { Problem = "the hash of what was sent is not kept any more" };
        }

        if (KindOf(delivery.Kind) is not { } kind)
        {
            return result with { Problem = $"this program does not know messages of type {delivery.Kind}" };
        }

        var candidates = reports.Where(report => report.Episode.Revision == delivery.Revision).Reverse().ToList();
        if (candidates.Count == 0)
        {
            return result with { Problem = $"the journal has no record any more that reports revision {delivery.Revision}" };
        }

        string? nearest = null;
        foreach (var report in candidates)
        {
            foreach (var status in s_statuses)
            {
                var body = compose(Rebuilt(alert, report, status, analysis), kind, delivery.CreatedAt);
                nearest ??= body;
                foreach (var drivers in (bool[])[true, false])
                {
                    var sent = AlertDocument.BodyFor(body, drivers);
                    if (AlertDocument.Sha256Of(sent) == hash)
                    {
                        return result with { Record = report.Sequence, Body = sent, Problem = null };
                    }
                }
            }
        }

        return result with
        {
            Record = candidates[0].Sequence,
            Body = nearest,
            Problem = delivery.Revision == alert.Revision || analysis is not null
                ? $"what the journal leads to is not what was sent: {Difference(stored, nearest!)}"
                : $"the analysis of revision {delivery.Revision} is not kept, and with that of revision {alert.Revision} the message is another one",
        };
    }

    /// <summary>The alert as it was when the message was written, as far as the message shows it.</summary>
    private static Alert Rebuilt(Alert alert, EpisodeReport report, AlertStatus status, RecordedAnalysis? analysis) => new()
    {
        AlertId = report.Episode.AlertId,
        RequestId = AlertIdentity.RequestId(report.Desk, report.Episode.Cause),
        TraceId = AlertIdentity.TraceId(report.Desk, report.Episode.Cause),
        Report = report,
        Status = status,
        Analysis = analysis?.Analysis ?? alert.Analysis,
        Receipt = new LatencyReceipt(report.Episode.Cause.Time, report.Episode.Cause.IngestedAt, report.Episode.OpenedAt, analysis?.At ?? alert.Receipt.AnalysedAt, null, null),
    };

    private static string? StoredBody(Alert alert, string deliveryId) => alert.Messages
        .SelectMany(message => message.Deliveries, (message, delivery) => (message, delivery))
        .Where(sent => sent.delivery.DeliveryId == deliveryId)
        .Select(sent => AlertDocument.BodyFor(sent.message.Body, sent.delivery.Drivers))
        .FirstOrDefault();

    private static NotificationKind? KindOf(string type) =>
        Enum.GetValues<NotificationKind>().Select(kind => (NotificationKind?)kind).FirstOrDefault(kind => kind!.Value.TypeName() == type);

    /// <summary>The first place at which two bodies differ.</summary>
    private static string Difference(string? stored, string computed)
    {
        if (stored is null)
        {
            return "only the hash of what was sent is kept";
        }

        var at = 0;
        while (at < stored.Length && at < computed.Length && stored[at] == computed[at])
        {
            at++;
        }

        return $"from character {at} on, sent …{Around(stored, at)}…, computed …{Around(computed, at)}…";

        static string Around(string text, int at) => text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 60)];
    }
}

/// <summary>What an analyst answered to a revision, and when.</summary>
public sealed record RecordedAnalysis(Analysis Analysis, DateTimeOffset At);

/// <summary>A message that was written again.</summary>
/// <param name="Sha256">The hash of what was sent to the endpoint, as the alert keeps it.</param>
/// <param name="Record">The record of the desk's journal whose report it was written from.</param>
/// <param name="Body">What the journal leads to; where <paramref name="Problem"/> is null, byte for byte what was sent.</param>
/// <param name="StoredBody">The body that the alert still has; null where only its hash is kept.</param>
/// <param name="RecordedSha256">The hash in the newest entry of evidence about the delivery; null where there is none.</param>
/// <param name="Problem">Why it is not the same; null where it is.</param>
public sealed record ReplayedPayload(
    string DeliveryId, string Endpoint, string Kind, int Revision, string? Sha256, long? Record, string? Body, string? StoredBody, string? RecordedSha256, string? Problem);
