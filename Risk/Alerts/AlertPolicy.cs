namespace RiskMonitor.Risk.Alerts;

/// <summary>How long an alert waits, and for what.</summary>
/// <param name="RetryDelays">Waits after the first, second… failed attempt; after the last the alert is a dead letter.</param>
/// <param name="Jitter">Share by which each wait is drawn longer or shorter.</param>
/// <param name="AckTimeout">A delivered alert without an ack is delivered again after this.</param>
/// <param name="RemindOpenAfter">An acknowledged alert whose breach is still open is delivered again after this.</param>
/// <param name="AttemptLease">An attempt without a result after this time counts as lost.</param>
/// <param name="AnalysisLease">The same for an analysis.</param>
/// <param name="DeliverTransient">Deliver alerts of episodes that were opened and cured within one transaction.</param>
public sealed record AlertPolicy(
    IReadOnlyList<TimeSpan> RetryDelays,
    double Jitter,
    TimeSpan AckTimeout,
    TimeSpan RemindOpenAfter,
    TimeSpan AttemptLease,
    TimeSpan AnalysisLease,
    bool DeliverTransient)
{
    /// <summary>How long a revision may stay unacknowledged before the operator is notified, which is the last step of its escalation. Null: the operator is never notified.</summary>
    public TimeSpan? OperatorAfter { get; init; }

    /// <summary>0.5, 1, 2, 4 s, then 15 s, 1 m, 5 m, 30 m, 2 h, 6 h, 12 h, 24 h, all ±20 %.</summary>
    public static readonly AlertPolicy Default = new(
        [
            TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4),
            TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
            TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
        ],
        Jitter: 0.2,
        AckTimeout: TimeSpan.FromMinutes(15),
        RemindOpenAfter: TimeSpan.FromHours(24),
        AttemptLease: TimeSpan.FromSeconds(30),
        AnalysisLease: TimeSpan.FromSeconds(30),
        DeliverTransient: false);

    /// <summary>Cap Retry-After at this time.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>No attempt waits longer than this, whatever is drawn or asked for.</summary>
    public TimeSpan LongestWaitAfter(int attempts) =>
        attempts > 0 && DelayAfter(attempts, draw: 1) is { } delay && delay > LongestRetryAfter ? delay : LongestRetryAfter;

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempts">Attempts made, ≥ 1.</param>
    /// <param name="draw">A number drawn evenly from 0 to 1.</param>
    /// <returns>Null when no attempt is left.</returns>
    public TimeSpan? DelayAfter(int attempts, double draw) =>
        attempts > RetryDelays.Count ? null : RetryDelays[attempts - 1] * (1 + (Jitter * ((2 * draw) - 1)));
}
