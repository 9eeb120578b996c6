using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>When each partition last gave a message, reached its end, or was covered by a heartbeat of the whole feed. Safe for several threads.</summary>
internal sealed class PartitionLiveness(IChangeFeed feed, DateTimeOffset openedAt, IReadOnlyList<FeedPartition> partitions, IngestMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FeedPartition, DateTimeOffset?> _lastReadAt = partitions.ToDictionary(partition => partition, _ => (DateTimeOffset?)null);
    private readonly HashSet<string> _topics = partitions.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal);
    private int _paused;
    private bool _hasEnded;

    public void OnBatch(FeedBatch batch)
    {
        lock (_gate)
        {
            if (batch.CaughtUp is { } caughtUp)
            {
                _lastReadAt[caughtUp.Partition] = caughtUp.At;
            }

            if (!feed.LivesByItsEnds)
            {
                OnMessages(batch);
            }
        }
    }

    public FeedReport Report(DispatchReport waiting, Func<FeedPartition, bool> isPaused, DateTimeOffset now)
    {
        lock (_gate)
        {
            var reports = _lastReadAt.Select(read =>
            {
                var isWaiting = waiting.Partitions.TryGetValue(read.Key, out var changes);
                var (next, end) = feed.OffsetsOf(read.Key);
                return new PartitionReport(read.Key, read.Value, isWaiting ? changes.Since : null, changes.Changes, isPaused(read.Key), NextOffset: next, EndOffset: end);
            }).ToList();
            var paused = reports.Count(partition => partition.IsPaused);
            CountPaused(paused);
            return new FeedReport(openedAt, now, reports, waiting.Desks);
        }
    }

    /// <summary>The pipeline has ended: what it counted is counted no more.</summary>
    public void End()
    {
        lock (_gate)
        {
            CountPaused(0);
            _hasEnded = true;
        }
    }

    private void CountPaused(int paused)
    {
        if (!_hasEnded)
        {
            metrics.Paused(paused - _paused);
            _paused = paused;
        }
    }

    private void OnMessages(FeedBatch batch)
    {
        if (batch.Messages.Count == 0 && batch.EndsReached.Count == 0)
        {
            // An empty batch is the heartbeat of the feed as a whole.
            foreach (var partition in _lastReadAt.Keys)
            {
                _lastReadAt[partition] = batch.ReadAt;
            }
        }

        // Messages of one partition mostly follow each other, and this runs for every message.
        var last = default(FeedPartition);
        foreach (var message in batch.Messages)
        {
            var partition = message.Delivery.FeedPartition;
            if (partition != last)
            {
                last = partition;
                OnMessage(partition, batch.ReadAt);
            }
        }

        foreach (var partition in batch.EndsReached)
        {
            _lastReadAt[partition] = batch.ReadAt;
        }
    }

    private void OnMessage(FeedPartition partition, DateTimeOffset readAt)
    {
        ref var lastReadAt = ref CollectionsMarshal.GetValueRefOrNullRef(_lastReadAt, partition);
        if (!Unsafe.IsNullRef(ref lastReadAt))
        {
            lastReadAt = readAt;
        }
        else if (_topics.Contains(partition.Topic))
        {
            // The topic has grown. A connector's heartbeats in a topic of their own are no partition of the changes.
            _lastReadAt.Add(partition, readAt);
        }
    }
}
