using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Observing;

/// <summary>
/// Sees what desks and alerts of this process have made durable. For displays, because a crash can lose a call. Every registered observer is called
/// on the grain's turn, so an implementation returns at once and does not throw.
/// </summary>
public interface IRiskObserver
{
    /// <summary>A desk wrote a record of its journal; records of one desk come in their order.</summary>
    void OnRecorded(JournalRecord record);

    /// <param name="alert">As it is stored now.</param>
    /// <param name="events">What was added to its history, in order.</param>
    void OnAlertChanged(Alert alert, IReadOnlyList<AlertEvent> events);
}
