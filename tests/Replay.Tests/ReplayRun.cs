using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Replay.Tests;

/// <summary>Replays a file through the pipeline into a cluster, and dies on the way as often as it is told.</summary>
internal sealed class ReplayRun(RiskCluster cluster, string path)
{
    /// <summary>Small batches, so that there are many places to die.</summary>
    public IngestOptions Options { get; init; } = new() { MaxBatch = 20, CheckpointInterval = TimeSpan.Zero };

    /// <summary>Reads on from where the last run stored its offsets, to the end of the file.</summary>
    public async Task ToTheEndAsync()
    {
        await RunAsync(desk => cluster.Grains.GetGrain<IDeskRiskGrain>(desk), CancellationToken.None);
        var feed = await ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        await Eventually.IsTrueAsync(
            "every desk is notified that the snapshot is complete",
            async () => (await cluster.Grains.GetGrain<IFeedGrain>(feed.Name).OpenAsync()).DesksToNotify.Count == 0);
    }

    /// <summary>Reads on and dies at a call to a desk: before it arrives, or before its answer does.</summary>
    public async Task UntilItDiesAsync(int atCall, bool afterTheCall)
    {
        using var death = new CancellationTokenSource();
        var calls = 0;
        try
        {
            await RunAsync(desk => new MortalDesk(cluster.Grains.GetGrain<IDeskRiskGrain>(desk), DieAsync), death.Token);
        }
        catch (OperationCanceledException)
        {
            // It died.
        }

        async Task DieAsync(Func<Task> call)
        {
            var number = Interlocked.Increment(ref calls);
            if (number > atCall || (number == atCall && !afterTheCall))
            {
                await death.CancelAsync();
                throw new OperationCanceledException();
            }

            await call();
            if (number == atCall)
            {
                await death.CancelAsync();
                throw new OperationCanceledException();
            }
        }
    }

    public async Task<IReadOnlyDictionary<string, Position>> PositionsAsync()
    {
        var journal = cluster.Stored<IDeskJournal>();
        var positions = new Dictionary<string, Position>();
        foreach (var head in await cluster.Stored<IDeskJournalReader>().DesksAsync(CancellationToken.None))
        {
            var (stored, _) = await journal.OpenAsync(head.Desk, CancellationToken.None);
            var desk = stored.Checkpoint is null ? new DeskRisk(head.Desk) : DeskRisk.Restore(stored.Checkpoint, stored.Positions);
            foreach (var record in stored.Tail)
            {
                desk.Replay(record);
            }

            foreach (var held in desk.Positions)
            {
                Assert.True(positions.TryAdd(held.Row.PositionId, held.Row), $"position {held.Row.PositionId} is held by two desks");
            }
        }

        return positions;
    }

    private async Task RunAsync(Func<string, IDeskRiskGrain> desks, CancellationToken cancellationToken)
    {
        var feed = await ReplayFile.OpenAsync(path, TimeProvider.System, cancellationToken);
        await new IngestPipeline(
            feed,
            cluster.Grains.GetGrain<IFeedGrain>(feed.Name),
            desks,
            new DebeziumDecoder(new DebeziumOptions()),
            cluster.Stored<IPositionDirectory>(),
            cluster.Stored<IDeadLetterStore>(),
            Options,
            new IngestMetrics(cluster.Stored<IMeterFactory>(), TimeProvider.System),
            TimeProvider.System,
            NullLogger.Instance).RunAsync(cancellationToken);
    }

    private sealed class MortalDesk(IDeskRiskGrain desk, Func<Func<Task>, Task> live) : IDeskRiskGrain
    {
        public Task ApplyAsync(DeskBatch batch) => live(() => desk.ApplyAsync(batch));

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => desk.CompleteSnapshotAsync(feed, snapshot, feedState);

        public Task RefreshLimitsAsync() => desk.RefreshLimitsAsync();

        public Task FoldAsync() => desk.FoldAsync();

        public Task<DeskSummary> ReadSummaryAsync() => desk.ReadSummaryAsync();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => desk.ReadAsync(dimensions);
    }
}
