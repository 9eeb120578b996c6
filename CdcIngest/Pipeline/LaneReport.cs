using System.Runtime.InteropServices;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>What waits for desks.</summary>
internal sealed record LaneReport(IReadOnlyDictionary<FeedPartition, (int Changes, DateTimeOffset Since)> Partitions, IReadOnlyList<WaitingDesk> Desks)
{
    /// <summary>As many as an operator looks at.</summary>
    private const int MostDesks = 50;

    public static LaneReport Of(IEnumerable<Lane> lanes)
    {
        var partitions = new Dictionary<FeedPartition, (int Changes, DateTimeOffset Since)>();
        var desks = new Dictionary<string, WaitingDesk>(StringComparer.Ordinal);
        foreach (var lane in lanes)
        {
            if (lane.Since is not { } since || lane.PartitionOfOldest is not { } partition)
            {
                continue;
            }

            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(partitions, partition, out var isKnown);
            sum = isKnown ? (sum.Changes + lane.Count, since < sum.Since ? since : sum.Since) : (lane.Count, since);
            ref var desk = ref CollectionsMarshal.GetValueRefOrAddDefault(desks, lane.Desk, out _);
            desk = desk is null
                ? new WaitingDesk(lane.Desk, since, lane.Count, lane.Failures)
                : new WaitingDesk(lane.Desk, since < desk.Since ? since : desk.Since, desk.Changes + lane.Count, Math.Max(desk.Failures, lane.Failures));
        }

        return new LaneReport(partitions, [.. desks.Values.OrderBy(desk => desk.Since).Take(MostDesks)]);
    }
}
