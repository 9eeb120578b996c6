using System.Threading.Channels;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Somebody who listens for changes of alerts, and hears only of desks that he may see.</summary>
/// <param name="seenTo">The newest change that he knows of.</param>
internal sealed class AlertListener(Caller caller, long seenTo, Action<AlertListener> left) : IDisposable
{
    /// <summary>Whoever lets so many wait is cut off, and reads again when he is back.</summary>
    private const int MostWaiting = 1000;

    private readonly Channel<AlertChange> _changes = Channel.CreateBounded<AlertChange>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public string User => caller.Identity;

    public long SeenTo { get; private set; } = seenTo;

    /// <summary>Ends when nothing more will come.</summary>
    public ChannelReader<AlertChange> Changes => _changes.Reader;

    public void Notify(AlertChanges changes)
    {
        // Whoever has joined later knows more than those for whom the changes were asked.
        SeenTo = Math.Max(SeenTo, changes.End);
        if (!changes.Alerts.Where(change => !change.Transient && caller.MaySee(change.Desk)).All(_changes.Writer.TryWrite))
        {
            _changes.Writer.TryComplete();
        }
    }

    public void Dispose() => left(this);
}
