using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>One alert for its printable report: what <see cref="GetAlert"/> answers, the limit's versions, all deliveries and the evidence about it.</summary>
public sealed class GetAlertReport(GetAlert getAlert, ILimitStore limits, IDeliveryLog deliveries, IEvidenceLog evidence)
{
    public const string Tool = "get_alert_report";

    public async Task<(AlertHistoryAnswer Answer, AlertRecords Records)> AskAsync(string alertId, CallContext context, CancellationToken cancellationToken)
    {
        var answer = await getAlert.AskAsync(alertId, context, cancellationToken);
        return (answer, await AlertRecords.ReadAsync(answer.Alert.Alert, limits, deliveries, evidence, cancellationToken));
    }
}
