using RiskMonitor.Risk.Evidence;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>One alert for its printable report: what <see cref="GetAlert"/> answers, and the entries of evidence about it.</summary>
public sealed class GetAlertReport(GetAlert getAlert, IEvidenceLog evidence)
{
    public const string Tool = "get_alert_report";

    /// <returns>The entries are to be shown by their hashes: what they hold is not bound to the caller's clearance.</returns>
    public async Task<(AlertHistoryAnswer Answer, IReadOnlyList<EvidenceEntry> Evidence)> AskAsync(string alertId, CallContext context, CancellationToken cancellationToken)
    {
        var answer = await getAlert.AskAsync(alertId, context, cancellationToken);
        return (answer, await evidence.AboutAsync(answer.Alert.Alert.AlertId.ToString("D"), cancellationToken));
    }
}
