using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>One alert for its printable report: what <see cref="GetAlert"/> answers, and the entries of evidence about it.</summary>
public sealed class GetAlertReport(GetAlert getAlert, IDeliveryLog deliveries, IEvidenceLog evidence)
{
    public const string Tool = "get_alert_report";

    /// <summary>More deliveries than an alert keeps the hashes of.</summary>
    public const int MostDeliveries = 1_000;

    /// <returns>The entries are to be shown by their hashes: what they hold is not bound to the caller's clearance.</returns>
    public async Task<(AlertHistoryAnswer Answer, IReadOnlyList<LoggedDelivery> Deliveries, IReadOnlyList<EvidenceEntry> Evidence)> AskAsync(
        string alertId, CallContext context, CancellationToken cancellationToken)
    {
        var answer = await getAlert.AskAsync(alertId, context, cancellationToken);
        var id = answer.Alert.Alert.AlertId;
        var page = await deliveries.ListAsync(new DeliveryFilter(id), null, MostDeliveries, cancellationToken);
        return (answer, page.Deliveries, await evidence.AboutAsync(id.ToString("D"), cancellationToken));
    }
}
