namespace RiskMonitor.Risk.Alerts;

/// <summary>What an event changes of an alert: store <see cref="Alert"/> and <see cref="Events"/>, then begin <see cref="Work"/>.</summary>
public sealed record AlertStep(Alert Alert, IReadOnlyList<AlertEvent> Events, IReadOnlyList<AlertWork> Work)
{
    /// <summary>False when there is nothing to store.</summary>
    public bool Changed { get; private init; } = true;

    public static AlertStep Unchanged(Alert alert) => Unchanged(alert, []);

    /// <summary>Nothing to store, but something to do.</summary>
    public static AlertStep Unchanged(Alert alert, IReadOnlyList<AlertWork> work) => new(alert, [], work) { Changed = false };

    /// <summary>This step and one that follows from its alert, to be stored in one write.</summary>
    public AlertStep Then(AlertStep next) =>
        new(next.Alert, [.. Events, .. next.Events], [.. Work, .. next.Work]) { Changed = Changed || next.Changed };
}

/// <summary>Work beside the alert, whose result comes back as a message.</summary>
public abstract record AlertWork;

/// <summary>Ask the analyst about a revision.</summary>
public sealed record AnalyseBreach(int Revision) : AlertWork;

/// <summary>
/// Post a message to one of its endpoints as soon as there is a permit: then the attempt begins (<see cref="AlertLifecycle.Begin"/>), is stored, and the
/// message is posted.
/// </summary>
public sealed record PostMessage(Notification Notification, EndpointDelivery Delivery) : AlertWork;
