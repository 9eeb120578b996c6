using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting;

/// <summary>How patient alerts are (<c>Alerting:…</c>); unset keys keep the values of <see cref="AlertPolicy.Default"/>.</summary>
public sealed class AlertingOptions
{
    public const string Section = "Alerting";

    /// <summary>Waits after the first, second… failed attempt; after the last the alert is a dead letter. Null: the default ladder.</summary>
    public TimeSpan[]? RetryDelays { get; set; }

    /// <summary>Share by which each wait is drawn longer or shorter, 0 to below 1.</summary>
    public double Jitter { get; set; } = AlertPolicy.Default.Jitter;

    /// <summary>A delivered alert without an ack is delivered again after this.</summary>
    public TimeSpan AckTimeout { get; set; } = AlertPolicy.Default.AckTimeout;

    /// <summary>An acknowledged alert whose breach is still open is delivered again after this.</summary>
    public TimeSpan RemindOpenAfter { get; set; } = AlertPolicy.Default.RemindOpenAfter;

    /// <summary>An attempt of which nothing was heard for this long is given up for lost. Longer than a sender may take.</summary>
    public TimeSpan AttemptLease { get; set; } = AlertPolicy.Default.AttemptLease;

    /// <summary>Likewise an analysis.</summary>
    public TimeSpan AnalysisLease { get; set; } = AlertPolicy.Default.AnalysisLease;

    /// <summary>Deliver alerts of breaches that opened and ended inside one database transaction.</summary>
    public bool DeliverTransient { get; set; } = AlertPolicy.Default.DeliverTransient;

    public AlertPolicy ToPolicy() => new(
        RetryDelays ?? AlertPolicy.Default.RetryDelays,
        Jitter,
        AckTimeout,
        RemindOpenAfter,
        AttemptLease,
        AnalysisLease,
        DeliverTransient);
}
