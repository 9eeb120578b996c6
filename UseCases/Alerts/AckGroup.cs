using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>
/// Acknowledges the alerts of a list, each as <see cref="AckAlert"/> would: bound to the delivery that the list stood for, so that an alert that has
/// escalated since stays as it is. One that is refused does not stop the others, and repeating it all changes nothing.
/// </summary>
public sealed class AckGroup(AckAlert ackAlert)
{
    private const int MaxParallelAlerts = 16;

    /// <param name="acked">What each ack says, apart from the alert.</param>
    public async Task<IReadOnlyList<AckedInGroup>> AskAsync(AlertGroup group, GroupAckInput acked, CallContext context, CancellationToken cancellationToken)
    {
        var asked = group.Alerts.Where(alert => alert.NeedsAck).ToList();
        var outcomes = new AckedInGroup[asked.Count];
        await Parallel.ForAsync(0, asked.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelAlerts, CancellationToken = cancellationToken }, async (i, token) =>
            outcomes[i] = new AckedInGroup(asked[i], await OutcomeAsync(asked[i], acked, context, token)));
        return outcomes;
    }

    private async Task<string> OutcomeAsync(GroupedAlert alert, GroupAckInput acked, CallContext context, CancellationToken cancellationToken)
    {
        try
        {
            var input = new AckAlertInput(alert.AlertId.ToString("D"), alert.DeliveryId, acked.AckedBy, acked.Comment, acked.Disposition, null);
            return (await ackAlert.AskAsync(input, context, cancellationToken)).Outcome;
        }
        catch (RequestException refused)
        {
            return refused.Message;
        }
        catch (StaleAlertException)
        {
            return "the alert is being loaded again; press the button once more";
        }
    }
}

/// <param name="AckedBy">Whom the caller names.</param>
public sealed record GroupAckInput(string? AckedBy, string? Comment, string? Disposition);

/// <param name="Outcome">accepted, repeated, or why it was refused.</param>
public sealed record AckedInGroup(GroupedAlert Alert, string Outcome);
