using System.Runtime.InteropServices;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>What waits for desks.</summary>
internal sealed record DispatchReport(IReadOnlyDictionary<FeedPartition, (int Changes, DateTimeOffset Since)> Partitions, IReadOnlyList<WaitingDesk> Desks)
{
    /// <summary>As many as an operator looks at.</summary>
    private const int MostDesks = 50;

    public static DispatchReport Of(IEnumerable<DeskQueue> queues)
    {
        var partitions = new Dictionary<FeedPartition, (int Changes, DateTimeOffset Since)>();
        var desks = new Dictionary<string, WaitingDesk>(StringComparer.Ordinal);
        foreach (var queue in queues)
        {
            if (queue.Since is not { } since || queue.PartitionOfOldest is not { } partition)
            {
                continue;
            }

            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(partitions, partition, out var isKnown);
            sum = isKnown ? (sum.Changes + queue.Count, since < sum.Since ? since : sum.Since) : (queue.Count, since);
            ref var desk = ref CollectionsMarshal.GetValueRefOrAddDefault(desks, queue.Desk, out _);
            desk = desk is null
                ? new WaitingDesk(queue.Desk, since, queue.Count, queue.Failures)
                : new WaitingDesk(queue.Desk, since < desk.Since ? since : desk.Since, desk.Changes + queue.Count, Math.Max(desk.Failures, queue.Failures));
        }

        return new DispatchReport(partitions, [.. desks.Values.OrderBy(desk => desk.Since).Take(MostDesks)]);
    }
}
