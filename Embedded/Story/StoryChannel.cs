using System.Threading.Channels;

namespace RiskMonitor.Embedded.Story;

/// <summary>From the stores to the console. When the console cannot follow, the oldest news is lost: it never holds up the monitor.</summary>
internal sealed class StoryChannel
{
    private readonly Channel<StoryEvent> _events = Channel.CreateBounded<StoryEvent>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Publish(StoryEvent @event) => _events.Writer.TryWrite(@event);

    public IAsyncEnumerable<StoryEvent> ReadAllAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);
}
