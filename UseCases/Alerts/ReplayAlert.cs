using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>An operator sends a dead letter again, as a new delivery.</summary>
public sealed class ReplayAlert(GetAlert getAlert, IAlertQueries alerts, IGrainFactory grains)
{
    public const string Tool = "replay_alert";

    public async Task<AlertHistoryAnswer> AskAsync(string alertId, CallContext context, CancellationToken cancellationToken)
    {
        var (alert, _) = await GetAlert.FindAsync(alerts, alertId, context.Caller, cancellationToken);
        if (!await grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D")).ReplayAsync(context.Caller.Identity).WaitAsync(cancellationToken))
        {
            throw new RequestException(RequestError.Conflict, $"alert {alert.AlertId:D} is no dead letter; only what exhausted its attempts (status=dead_letter, or a delivery in that state) can be sent again");
        }

        return await getAlert.AskAsync(alertId, context, cancellationToken);
    }
}
