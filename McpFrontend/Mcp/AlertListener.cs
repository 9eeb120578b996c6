using System.Threading.Channels;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>One subscription to the changes of alerts, limited to the desks that its caller may see.</summary>
/// <param name="seenTo">The newest change that he knows of.</param>
internal sealed class AlertListener(Caller caller, long seenTo, Action<AlertListener> left) : IDisposable
{
    /// <summary>A client that lets this many changes wait is disconnected, and reads again when it reconnects.</summary>
    private const int MostWaiting = 1000;

    private readonly Channel<AlertChange> _changes = Channel.CreateBounded<AlertChange>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public string User => caller.Identity;

    public long SeenTo { get; private set; } = seenTo;

    /// <summary>Ends when nothing more will come.</summary>
    public ChannelReader<AlertChange> Changes => _changes.Reader;

    public void Notify(AlertChanges changes)
    {
        // This listener joined after the changes were queried, and has already seen newer ones.
        SeenTo = Math.Max(SeenTo, changes.End);
        if (!changes.Alerts.Where(change => !change.Transient && caller.MaySee(change.Desk)).All(_changes.Writer.TryWrite))
        {
            _changes.Writer.TryComplete();
        }
    }

    public void Dispose() => left(this);
}
