using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Embedded.Story;

/// <summary>Tells each step of an alert's life once it is stored.</summary>
internal sealed class NarratedAlertStore(IAlertStore alerts, StoryChannel story) : IAlertStore
{
    public async Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken)
    {
        var stored = await alerts.SaveAsync(alert, events, cancellationToken);
        foreach (var step in events)
        {
            story.Publish(new StoryEvent.AlertMoved(stored, step));
        }

        return stored;
    }

    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) => alerts.LoadAsync(alertId, cancellationToken);

    public Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken) =>
        alerts.DueAsync(dueBefore, after, atMost, cancellationToken);

    public Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken) =>
        alerts.NumbersTakenAsync(desk, cancellationToken);
}
