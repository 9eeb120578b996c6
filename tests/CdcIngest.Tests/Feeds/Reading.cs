using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>A reader of a feed that notes what comes, and waits for what is expected, but not for ever.</summary>
internal sealed class Reading : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource deadline = new(Patience);
    private readonly DebeziumDecoder decoder = new(new DebeziumOptions());
    private readonly IAsyncEnumerator<FeedBatch> batches;

    public Reading(IChangeFeed feed, long from = 0)
    {
        var offsets = new Dictionary<FeedPartition, long> { [new FeedPartition(feed.Name, 0)] = from };
        batches = feed.ReadAsync(offsets, deadline.Token).GetAsyncEnumerator(deadline.Token);
    }

    public List<FeedBatch> Batches { get; } = [];

    public List<FeedMessage> Messages { get; } = [];

    public List<DecodedMessage> Decoded { get; } = [];

    public IEnumerable<DecodedMessage.Row> Rows => Decoded.OfType<DecodedMessage.Row>();

    public IEnumerable<string> Lost => Batches.Select(batch => batch.Lost).OfType<string>();

    public async Task<FeedBatch> NextAsync()
    {
        Assert.True(await batches.MoveNextAsync(), "the feed ended");
        var batch = batches.Current;
        Batches.Add(batch);
        Messages.AddRange(batch.Messages);
        Decoded.AddRange(batch.Messages.Select(message => decoder.Decode(message)));
        return batch;
    }

    /// <summary>Reads until the feed has told everything there is.</summary>
    public Task ToTheEndAsync() => UntilAsync(reading => reading.Batches is [.., { EndsReached.Count: > 0 }]);

    public async Task UntilAsync(Func<Reading, bool> condition)
    {
        while (Batches.Count == 0 || !condition(this))
        {
            await NextAsync();
        }
    }

    /// <summary>What a table holds that believes everything it is told, as <c>id desk delta</c>.</summary>
    public IReadOnlyList<string> Held()
    {
        var held = new SortedDictionary<string, Position>(StringComparer.Ordinal);
        foreach (var row in Rows)
        {
            if (row.After is null)
            {
                held.Remove(row.PositionId);
            }
            else
            {
                held[row.PositionId] = row.After;
            }
        }

        return [.. held.Values.Select(position => FormattableString.Invariant($"{position.PositionId} {position.Desk} {position.Delta}"))];
    }

    public async ValueTask DisposeAsync()
    {
        await batches.DisposeAsync();
        deadline.Dispose();
    }
}
