using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>What the report of an alert has beside the alert itself.</summary>
/// <param name="Limits">The versions of the limit that was breached, newest first.</param>
/// <param name="Deliveries">All deliveries of the log.</param>
/// <param name="Evidence">The entries about the alert. They are to be shown by their hashes: what they hold is not bound to a clearance.</param>
public sealed record AlertRecords(IReadOnlyList<LimitVersion> Limits, IReadOnlyList<LoggedDelivery> Deliveries, IReadOnlyList<EvidenceEntry> Evidence)
{
    private const int Most = 1_000;

    public static async Task<AlertRecords> ReadAsync(Alert alert, ILimitStore limits, IDeliveryLog deliveries, IEvidenceLog evidence, CancellationToken cancellationToken) => new(
        (await limits.HistoryAsync(new LimitHistoryFilter(alert.Episode.Limit.LimitId, null, null), null, Most, cancellationToken)).Versions,
        (await deliveries.ListAsync(new DeliveryFilter(alert.AlertId), null, Most, cancellationToken)).Deliveries,
        await evidence.AboutAsync(alert.AlertId.ToString("D"), cancellationToken));
}
