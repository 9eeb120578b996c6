using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>When each partition was last heard: a message, its end, or a sign of life of the whole feed.</summary>
internal sealed class PartitionLiveness(DateTimeOffset openedAt, IReadOnlyList<FeedPartition> partitions, IngestMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FeedPartition, DateTimeOffset?> _heardAt = partitions.ToDictionary(partition => partition, _ => (DateTimeOffset?)null);
    private int _paused;

    public void OnBatch(FeedBatch batch)
    {
        lock (_gate)
        {
            if (batch.Messages.Count == 0 && batch.EndsReached.Count == 0)
            {
                // It says that the feed lives, which has no partition that could not.
                foreach (var partition in _heardAt.Keys)
                {
                    _heardAt[partition] = batch.ReadAt;
                }
            }

            foreach (var message in batch.Messages)
            {
                // A heartbeat's topic of its own is no partition of the changes.
                if (_heardAt.ContainsKey(message.Delivery.FeedPartition) || _heardAt.Keys.Any(known => known.Topic == message.Delivery.Topic))
                {
                    _heardAt[message.Delivery.FeedPartition] = batch.ReadAt;
                }
            }

            foreach (var partition in batch.EndsReached)
            {
                _heardAt[partition] = batch.ReadAt;
            }
        }
    }

    public FeedReport Report(DispatchReport lanes, Func<FeedPartition, bool> isPaused, DateTimeOffset now)
    {
        lock (_gate)
        {
            var reports = _heardAt.Select(heard =>
            {
                var isWaiting = lanes.Partitions.TryGetValue(heard.Key, out var waiting);
                return new PartitionReport(heard.Key, heard.Value, isWaiting ? waiting.Since : null, waiting.Changes, isPaused(heard.Key));
            }).ToList();
            var paused = reports.Count(partition => partition.IsPaused);
            metrics.Paused(paused - _paused);
            _paused = paused;
            return new FeedReport(openedAt, now, reports, lanes.Desks);
        }
    }
}
