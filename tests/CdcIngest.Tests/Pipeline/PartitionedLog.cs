using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>A live feed of several partitions in memory: it has no end, gives a few messages of each partition in turn, and shows once a second that it lives.</summary>
internal sealed class PartitionedLog(int partitions, TimeProvider clock) : IChangeFeed
{
    public const string Topic = "t";

    private const int MostInBatch = 10;

    private readonly List<FeedMessage>[] _messages = [.. Enumerable.Range(0, partitions).Select(_ => new List<FeedMessage>())];
    private readonly ConcurrentDictionary<FeedPartition, long> _committed = new();
    private int _changes;

    public string Name => Topic;

    public bool IsTotallyOrdered => false;

    public IReadOnlyDictionary<FeedPartition, long> Committed => _committed;

    /// <summary>How many messages a partition has.</summary>
    public long EndOf(int partition) => _messages[partition].Count;

    /// <summary>Adds a change; before the feed is read.</summary>
    public void Add(int partition, string positionId, string desk, decimal delta, string? transaction = null)
    {
        var at = 1_000 + (10 * _changes++);
        var value = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"before":null,"after":{"position_id":"{{positionId}}","trader_id":"t","desk":"{{desk}}","security_id":"s","quantity":"1.0","delta":"{{delta:0.0}}","entry_date":20454,"currency":"USD"},
            "op":"u","source":{"file":"binlog.000001","pos":{{at}},"row":0,"ts_ms":{{1_777_000_000_000L + at}},"table":"positions"},"transaction":{{(transaction is null ? "null" : $$"""{"id":"{{transaction}}"}""")}}}
            """);
        var messages = _messages[partition];
        messages.Add(new FeedMessage(new Delivery(Topic, partition, messages.Count), Encoding.UTF8.GetBytes($$"""{"position_id":"{{positionId}}"}"""), Encoding.UTF8.GetBytes(value), HasValue: true));
    }

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FeedPartition>>([.. Enumerable.Range(0, partitions).Select(Partition)]);

    public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Enumerable.Range(0, partitions).Select(partition => (int)from.GetValueOrDefault(Partition(partition))).ToArray();
        while (true)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                var some = _messages[partition].Skip(next[partition]).Take(MostInBatch).ToList();
                next[partition] += some.Count;
                if (some.Count > 0)
                {
                    yield return new FeedBatch(some, [], clock.GetUtcNow());
                }
            }

            if (Enumerable.Range(0, partitions).All(partition => next[partition] == EndOf(partition)))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
                yield return new FeedBatch([], [], clock.GetUtcNow());
            }
        }
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken)
    {
        foreach (var (partition, offset) in next)
        {
            _committed[partition] = offset;
        }

        return Task.CompletedTask;
    }

    private static FeedPartition Partition(int partition) => new(Topic, partition);
}
