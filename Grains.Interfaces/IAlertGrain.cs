using Orleans;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>The alert of one breach episode. Its key is the alert id in the form <c>xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx</c>.</summary>
[Alias("RiskMonitor.IAlertGrain")]
public interface IAlertGrain : IGrainWithStringKey
{
    /// <summary>A desk reports the whole state of the episode. The answer means that it is stored. The report with the highest sequence wins.</summary>
    [Alias("Report")]
    Task ReportAsync(EpisodeReport report);

    /// <summary>The risk manager acknowledges. Idempotent.</summary>
    [Alias("Ack")]
    Task<AckAnswer> AckAsync(AckRequest request);

    /// <summary>Does what is due by the stored row. May be called at any time.</summary>
    [Alias("Evaluate")]
    Task EvaluateAsync();

    /// <summary>Reminders wait until then.</summary>
    /// <returns>False while the revision is being analysed, and where there is no such alert.</returns>
    [Alias("Snooze")]
    Task<bool> SnoozeAsync(string by, string reason, DateTimeOffset until);

    /// <summary>Somebody is to deal with the alert.</summary>
    [Alias("Assign")]
    Task AssignAsync(string by, string to, string reason, DateTimeOffset until);

    /// <summary>There may be an endpoint now for what waits for one.</summary>
    [Alias("EndpointsChanged")]
    Task EndpointsChangedAsync();

    /// <summary>An operator sends a dead letter again: the alert's message, or what single endpoints have given up.</summary>
    /// <returns>False when there is no dead letter.</returns>
    [Alias("Replay")]
    Task<bool> ReplayAsync(string by);
}

/// <summary>Results of work beside an alert, sent back to it. Not for callers from outside.</summary>
[Alias("RiskMonitor.IAlertWorkGrain")]
public interface IAlertWorkGrain : IGrainWithStringKey
{
    /// <summary>The analyst has answered.</summary>
    [Alias("Analysed")]
    Task AnalysedAsync(int revision, Analysis analysis);

    /// <summary>There is a permit to post a message.</summary>
    /// <param name="worker">The activation that began the work. Work of an earlier activation is refused, because the present one began it again.</param>
    /// <returns>The number of the attempt, which is stored and may be made now; null when the message must not be posted any more.</returns>
    [Alias("BeginAttempt")]
    Task<int?> BeginAttemptAsync(string deliveryId, Guid worker);

    /// <summary>There is no endpoint for a message.</summary>
    [Alias("NoEndpoint")]
    Task WithoutEndpointAsync(string deliveryId, string why, Guid worker);

    /// <summary>An attempt to deliver has ended.</summary>
    [Alias("Attempted")]
    Task AttemptedAsync(string deliveryId, int attempt, DeliveryResult result, Guid worker);
}
