using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Observing;
using RiskMonitor.UseCases.Live;

namespace RiskMonitor.Host.Infrastructure;

/// <summary>Tells the frontend of this process what its own silo has changed. Whoever listens leaves a mark and returns at once.</summary>
internal sealed class LocalLiveChanges(LiveChanges changes) : IRiskObserver
{
    public void OnRecorded(JournalRecord record) => changes.OnChanged([record.Desk], []);

    public void OnAlertChanged(Alert alert, IReadOnlyList<AlertEvent> events) => changes.OnChanged([], [alert.AlertId]);
}
