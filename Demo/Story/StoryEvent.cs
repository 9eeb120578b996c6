using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Demo.Story;

/// <summary>A durable event that the story prints.</summary>
public abstract record StoryEvent
{
    private StoryEvent()
    {
    }

    /// <summary>A desk has taken changes in.</summary>
    public sealed record Traded(string Desk, DateTimeOffset At, int Changes, Totals Totals) : StoryEvent;

    /// <summary>An alert has moved on.</summary>
    public sealed record AlertMoved(Alert Alert, AlertEvent Step) : StoryEvent;
}
