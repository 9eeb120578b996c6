using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.Silo.Publishing;

/// <summary>
/// Publishes the messages that alerts and desks have stored. A message is removed after it is in the topic, so a publisher that is killed in between leaves
/// it to its successor, which publishes it again.
/// </summary>
internal sealed partial class Publisher(
    ITopicOutbox outbox, IRiskTopic topic, PublisherOptions options, PublisherMetrics metrics, TimeProvider clock, ILogger<Publisher> logger)
{
    private static readonly TimeSpan s_repeatLine = TimeSpan.FromSeconds(30);

    private IRiskTopicWriter? _writer;
    private int _batch = options.MaxBatch;
    private DateTimeOffset? _upkeptAt;
    private DateTimeOffset? _saidAt;

    /// <summary>Runs until it is cancelled, or until somebody else publishes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = options.FirstRetry;
        try
        {
            while (true)
            {
                var wait = options.Interval;
                try
                {
                    await KeepUpAsync(cancellationToken);
                    if (await PublishNextAsync(cancellationToken))
                    {
                        wait = TimeSpan.Zero;
                    }

                    retry = options.FirstRetry;
                }
                catch (TopicFencedException fenced)
                {
                    LogFenced(fenced.Message);
                    return;
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    await OnFailedAsync(exception);
                    (wait, retry) = (retry, retry * 2 < options.LongestRetry ? retry * 2 : options.LongestRetry);
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, clock, cancellationToken);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops, or the publisher moves to another one.
        }
        finally
        {
            await CloseAsync();
            metrics.Clear();
        }
    }

    /// <returns>Whether there may be more at once.</returns>
    private async Task<bool> PublishNextAsync(CancellationToken cancellationToken)
    {
        var messages = await outbox.NextAsync(_batch, cancellationToken);
        if (messages.Count == 0)
        {
            metrics.Waits(0, null);
            return false;
        }

        try
        {
            _writer ??= await topic.OpenAsync(cancellationToken);
            await _writer.PublishAsync(messages, cancellationToken);
            metrics.Count("published", messages.Count);
        }
        catch (TopicMessageRefusedException refused)
        {
            await CloseAsync();
            if (messages.Count > 1)
            {
                // One of them: the next attempts find out which, so that it holds up nothing but itself.
                _batch = 1;
                return true;
            }

            LogRefused(messages[0].Id, messages[0].Type, refused.Message);
            metrics.Count("refused", 1);
        }

        await outbox.RemoveAsync(messages, cancellationToken);
        var isAll = messages.Count < _batch;
        _batch = Math.Min(_batch * 2, options.MaxBatch);
        if (isAll)
        {
            metrics.Waits(0, null);
        }

        return !isAll;
    }

    private async Task OnFailedAsync(Exception exception)
    {
        // An idempotent producer that has lost its sequence, or whose transaction is in doubt, can only be made anew.
        await CloseAsync();
        metrics.Count("failed", 1);
        var now = clock.GetUtcNow();
        if (_saidAt is null || now - _saidAt >= s_repeatLine)
        {
            _saidAt = now;
            LogNotPublished(exception.Message);
        }
    }

    /// <summary>Counts what waits, and gives up what is too old, so that a topic which nobody mends does not fill the database.</summary>
    private async Task KeepUpAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_upkeptAt is { } before && now >= before && now - before < options.UpkeepInterval)
        {
            return;
        }

        _upkeptAt = now;
        var expired = await outbox.ExpireAsync(now - options.Retention, cancellationToken);
        if (expired > 0)
        {
            metrics.Count("expired", expired);
            LogExpired(expired, options.Retention);
        }

        var (count, oldest) = await outbox.WaitingAsync(cancellationToken);
        metrics.Waits(count, oldest);
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _writer, null) is { } writer)
        {
            await writer.DisposeAsync();
        }
    }
}
