using System.Threading.Channels;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Demo.Story;

/// <summary>From the grains to the console. When the console cannot follow, the oldest events are dropped, so that it never holds up the monitor.</summary>
public sealed class StoryChannel : IRiskObserver
{
    private readonly Channel<StoryEvent> _events = Channel.CreateBounded<StoryEvent>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void OnRecorded(JournalRecord record)
    {
        var live = record.Inputs.OfType<ChangesInput>().Where(input => !input.Snapshot.IsBuilding).Sum(input => input.Changes.Count);
        if (live > 0)
        {
            Publish(new StoryEvent.Traded(record.Desk, record.At, live, record.Totals));
        }
    }

    public void OnAlertChanged(Alert alert, IReadOnlyList<AlertEvent> events)
    {
        foreach (var step in events)
        {
            Publish(new StoryEvent.AlertMoved(alert, step));
        }
    }

    public void Publish(StoryEvent happened) => _events.Writer.TryWrite(happened);

    public IAsyncEnumerable<StoryEvent> ReadAllAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);
}
