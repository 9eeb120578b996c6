using System.Text;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Finds the partitions in a file's lines. Most lines begin as an earlier one did, and are known by that beginning without being parsed.</summary>
internal sealed class ReplayDeliveries(Func<string, string> intern)
{
    /// <summary>Beginnings up to the offset. A topic has few partitions; the last one found is tried first.</summary>
    private readonly List<byte[]> _known = [];

    /// <returns>Null for a line of a partition that is known, and for one that is no message.</returns>
    public FeedPartition? NewPartition(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < _known.Count; i++)
        {
            if (line.StartsWith(_known[i]))
            {
                (_known[0], _known[i]) = (_known[i], _known[0]);
                return null;
            }
        }

        if (ReplayLine.ReadDelivery(line, intern) is not { } delivery)
        {
            return null;
        }

        var beginning = Beginning(delivery.FeedPartition);
        if (line.StartsWith(beginning))
        {
            _known.Add(beginning);
        }

        return delivery.FeedPartition;
    }

    /// <summary>How kcat begins a line.</summary>
    public static byte[] Beginning(FeedPartition partition) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"topic":"{{partition.Topic}}","partition":{{partition.Partition}},"offset":"""));
}
