using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Desks that confirm each call at once and do nothing with it, so that only what comes before them is measured.</summary>
internal sealed class SilentDesks : IPositionDirectory
{
    private readonly ConcurrentDictionary<string, Desk> _desks = new(StringComparer.Ordinal);

    /// <summary>The calls that came, each desk's in its order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DeskBatch>> Calls =>
        _desks.ToDictionary(desk => desk.Key, desk => (IReadOnlyList<DeskBatch>)desk.Value.Calls, StringComparer.Ordinal);

    /// <summary>Runs a feed to its end.</summary>
    public async Task IngestAsync(IChangeFeed feed)
    {
        await new IngestPipeline(
            feed,
            new InMemoryFeedGrain(),
            desk => _desks.GetOrAdd(desk, _ => new Desk()),
            new DebeziumDecoder(new DebeziumOptions()),
            this,
            new NoDeadLetters(),
            new IngestOptions(),
            new IngestMetrics(new Meters(), TimeProvider.System),
            TimeProvider.System,
            NullLogger.Instance).RunAsync(CancellationToken.None);
    }

    public IAsyncEnumerable<HeldBy> LoadAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<HeldBy>();

    private sealed class Desk : IDeskRiskGrain
    {
        public List<DeskBatch> Calls { get; } = [];

        public Task ApplyAsync(DeskBatch batch)
        {
            Calls.Add(batch);
            return Task.CompletedTask;
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }
}
