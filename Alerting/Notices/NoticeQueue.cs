using System.Threading.Channels;

namespace RiskMonitor.Alerting.Notices;

/// <summary>Notices on their way from the log to the sender. Whoever logs never waits: without room a notice is in the log only, and counted.</summary>
internal sealed class NoticeQueue(NoticeMetrics metrics)
{
    private const int Capacity = 1_000;

    private readonly Channel<Notice> _waiting = Channel.CreateBounded<Notice>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public void Add(Notice notice)
    {
        if (!_waiting.Writer.TryWrite(notice))
        {
            metrics.Count(NoticeMetrics.Dropped);
        }
    }

    public bool TryTake(out Notice notice) => _waiting.Reader.TryRead(out notice!);

    /// <summary>Ends when there is a notice, or after a time.</summary>
    /// <param name="atMost">Null: as long as it takes.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> says so.</exception>
    public async Task WaitAsync(TimeSpan? atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _waiting.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Something that was held back is due.
        }
    }
}
