namespace RiskMonitor.Risk.Alerts;

/// <summary>What came of something that happened to an alert: store <see cref="Alert"/> and <see cref="Events"/>, then begin <see cref="Work"/>.</summary>
public sealed record AlertStep(Alert Alert, IReadOnlyList<AlertEvent> Events, IReadOnlyList<AlertWork> Work)
{
    /// <summary>False when there is nothing to store.</summary>
    public bool Changed { get; private init; } = true;

    public static AlertStep Unchanged(Alert alert) => new(alert, [], []) { Changed = false };
}

/// <summary>Something to do beside the alert, whose end comes back as a message.</summary>
public abstract record AlertWork;

/// <summary>Ask the analyst about a revision.</summary>
public sealed record AnalyseBreach(int Revision) : AlertWork;

/// <summary>Post a message to the webhook.</summary>
public sealed record PostMessage(Notification Notification) : AlertWork;
