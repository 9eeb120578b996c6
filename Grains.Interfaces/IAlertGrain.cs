using Orleans;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>The alert of one breach episode. Its key is the alert id in the form <c>xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx</c>.</summary>
[Alias("RiskMonitor.IAlertGrain")]
public interface IAlertGrain : IGrainWithStringKey
{
    /// <summary>A desk tells the whole state of the episode; the answer means stored. The report with the highest sequence stays.</summary>
    [Alias("Report")]
    Task ReportAsync(EpisodeReport report);

    /// <summary>The risk manager acknowledges. Idempotent.</summary>
    [Alias("Ack")]
    Task<AckAnswer> AckAsync(AckRequest request);

    /// <summary>Look at your row: something may be due. Harmless at any time.</summary>
    [Alias("Look")]
    Task EvaluateAsync();

    /// <summary>An operator sends a dead letter again.</summary>
    /// <returns>False when the alert is no dead letter.</returns>
    [Alias("Replay")]
    Task<bool> ReplayAsync(string by);
}

/// <summary>What work beside an alert sends back to it. Not for callers from outside.</summary>
[Alias("RiskMonitor.IAlertWorkGrain")]
public interface IAlertWorkGrain : IGrainWithStringKey
{
    /// <summary>The analyst has spoken.</summary>
    [Alias("Analysed")]
    Task AnalysedAsync(int revision, Analysis analysis);

    /// <summary>There is a turn to post a message.</summary>
    /// <param name="worker">The activation that began the work: that of an earlier one is refused, because it was begun again.</param>
    /// <returns>The attempt, which is stored and may be made; null when the message is not to be posted any more.</returns>
    [Alias("BeginAttempt")]
    Task<int?> BeginAttemptAsync(string deliveryId, Guid worker);

    /// <summary>There is nobody to deliver a message to.</summary>
    [Alias("NoEndpoint")]
    Task WithoutEndpointAsync(string deliveryId, string why, Guid worker);

    /// <summary>An attempt to deliver has ended.</summary>
    [Alias("Attempted")]
    Task AttemptedAsync(string deliveryId, int attempt, DeliveryResult result, Guid worker);
}
