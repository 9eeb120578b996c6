using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Kafka;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Takeovers;

/// <summary>
/// Partitions go from owner to owner at any moment, also while the one before still works, and calls to desks arrive late and twice. Desks and the feed are the
/// product's grains over a database.
/// </summary>
public sealed class TakeoverStormTests
{
    private const int SeedsOfACluster = 12;

    /// <summary>Some seconds; more seeds, or other ones, by <c>RISKMONITOR_TAKEOVER_SEEDS</c> (<c>1000..1400</c>).</summary>
    [Fact(Explicit = true)]
    public async Task Whoever_owns_the_partitions_the_desks_hold_the_table()
    {
        var seeds = (Environment.GetEnvironmentVariable("RISKMONITOR_TAKEOVER_SEEDS") ?? "1..25").Split("..").Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        foreach (var some in Enumerable.Range(seeds[0], seeds[1] - seeds[0]).Chunk(SeedsOfACluster))
        {
            await using var cluster = await RiskCluster.StartAsync(netLimit: 1_000_000_000m);
            foreach (var seed in some)
            {
                var problem = await new Storm(cluster, seed).RunAsync();
                Assert.True(problem is null, problem);
            }
        }
    }

    private sealed class Storm(RiskCluster cluster, int seed)
    {
        private readonly HandedOverTopic _topic = new(seed, $"t{seed}");
        private readonly InMemoryCheckpoints _checkpoints = new();
        private readonly ConcurrentBag<Task> _late = [];
        private readonly IngestOptions _options = new()
        {
            MaxBatch = 20,
            CheckpointInterval = TimeSpan.FromMilliseconds(2),
            ReportInterval = TimeSpan.FromMilliseconds(20),
            SnapshotQuietPeriod = TimeSpan.FromSeconds(5),
            FirstSnapshotWait = TimeSpan.FromMinutes(1),
            StuckAfter = TimeSpan.FromMilliseconds(30),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        };

        private IFeedGrain Feed => cluster.Grains.GetGrain<IFeedGrain>(_topic.Name);

        public async Task<string?> RunAsync()
        {
            var processes = Enumerable.Range(0, 2).Select(_ => new Process(
                new DebeziumDecoder(new DebeziumOptions()),
                new SharedPositions(new OwnDesks(cluster.Stored<IPositionDirectory>(), _topic.Name), TimeProvider.System, NullLogger.Instance))).ToArray();
            using var end = new CancellationTokenSource();
            var owners = Enumerable.Range(0, _topic.Partitions).Select(partition => OwnInTurnAsync(partition, processes, end.Token)).ToList();
            var last = "";
            try
            {
                await Eventually.IsTrueAsync("everything is done", DoneAsync);
                await Task.WhenAll(_late);
                await Eventually.IsTrueAsync("the desks hold the table", async () => (last = await DifferencesAsync()).Length == 0);
            }
            catch (TimeoutException timeout)
            {
                var record = await Feed.OpenAsync();
                last = $"{timeout.Message}: {last}; snapshots {_topic.Snapshots}, {record.Snapshot}, building {string.Join(',', record.Building)}, to notify {string.Join(',', record.DesksToNotify)}, waiting {string.Join(',', record.WaitingDesks)}, unproven {string.Join(';', record.Unproven.Select(mark => mark.Reason))}; {await ProgressAsync()}";
            }

            await end.CancelAsync();
            await Task.WhenAll(owners);
            return last.Length == 0 || (await Feed.OpenAsync()).Unproven.Count > 0 ? null : $"seed {seed}: {last}";
        }

        private async Task<bool> DoneAsync()
        {
            var rows = await _checkpoints.ReadAsync(_topic.Name, CancellationToken.None);
            var record = await Feed.OpenAsync();
            return !record.Snapshot.IsBuilding && record.DesksToNotify.Count == 0 && Enumerable.Range(0, _topic.Partitions).All(partition =>
                _topic.Of(partition).Count == 0 || (rows.SingleOrDefault(row => row.Partition == partition.ToString(CultureInfo.InvariantCulture))?.Checkpoint is { } bytes && CheckpointCodec.Read(bytes.Span).Progress.NextOffset == _topic.Of(partition).Count));
        }

        /// <summary>How far each partition is, by its owner and by its checkpoint.</summary>
        private async Task<string> ProgressAsync()
        {
            var partitions = await cluster.Grains.GetGrain<IFeedPartitionsGrain>(_topic.Name).PartitionsAsync();
            var rows = (await _checkpoints.ReadAsync(_topic.Name, CancellationToken.None)).Select(row => $"{row.Partition} epoch {row.Epoch} {(row.Checkpoint is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "")}");
            return $"{string.Join("; ", (await Feed.StatusAsync(null)).Reasons)}; {string.Join("; ", partitions)}; {string.Join("; ", rows)}";
        }

        private async Task<string> DifferencesAsync()
        {
            var differences = new List<string>();
            var known = (await cluster.Stored<IDeskJournalReader>().DesksAsync(CancellationToken.None)).Select(head => head.Desk).Where(desk => desk.StartsWith(_topic.Name + "/", StringComparison.Ordinal));
            foreach (var desk in _topic.Desks.Keys.Union(known))
            {
                var view = await cluster.ReadAsync(desk);
                var book = _topic.Desks.GetValueOrDefault(desk);
                if ((view.Totals.Count, view.Totals.Net) != book || view.IsBuilding)
                {
                    differences.Add($"{desk}: {view.Totals.Count} positions of {view.Totals.Net} instead of {book.Count} of {book.Net}{(view.IsBuilding ? ", building" : "")}");
                }
            }

            return string.Join("; ", differences);
        }

        /// <summary>One owner after the other; each lives for a while beside the next one.</summary>
        private async Task OwnInTurnAsync(int partition, Process[] processes, CancellationToken end)
        {
            var random = new Random((seed * 100) + partition);
            var running = new List<Task>();
            for (var turn = random.Next(3, 8); turn >= 0; turn--)
            {
                var taken = CancellationTokenSource.CreateLinkedTokenSource(end);
                var token = taken.Token;
                var process = processes[random.Next(processes.Length)];
                var chance = new Random(random.Next());
                var isLast = turn == 0;
                var run = Task.Run(() => RunAsync(partition, process, chance, isLast, token), CancellationToken.None);
                running.Add(run);
                await Task.WhenAny(run, Task.Delay(turn == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(random.Next(10, 120)), end));
                if (turn > 0 && random.Next(2) == 0)
                {
                    // It learns that it has lost the partition when its next checkpoint is refused.
                    continue;
                }

                await taken.CancelAsync();
                if (random.Next(2) == 0)
                {
                    await run;
                }
            }

            await Task.WhenAll(running);
        }

        private async Task RunAsync(int partition, Process process, Random random, bool isLast, CancellationToken taken)
        {
            var id = new FeedPartition(_topic.Name, partition);
            while (!taken.IsCancellationRequested)
            {
                try
                {
                    var feed = new RetryingFeedGrain(Feed, cluster.Grains.GetGrain<IFeedCoordinatorGrain>(_topic.Name), TimeSpan.FromSeconds(30), TimeProvider.System, NullLogger.Instance, taken);
                    var store = new PartitionCheckpointStore(_checkpoints, feed, id, TimeProvider.System);
                    await store.TakeOverAsync(taken);
                    await new IngestPipeline(
                        new HandedOverPartition(_topic, partition, store.Stored?.Progress.NextOffset ?? 0, random),
                        feed,
                        desk => new LateDesk(cluster.Grains.GetGrain<IDeskRiskGrain>(desk), _late),
                        process.Decoder,
                        new OwnDesks(cluster.Stored<IPositionDirectory>(), _topic.Name),
                        new NoDeadLetters(),
                        _options,
                        new IngestMetrics(new Meters(), TimeProvider.System),
                        TimeProvider.System,
                        NullLogger.Instance,
                        new OwnedPartition(id, feed, store, process.Positions, (_, _, _, _) => Task.CompletedTask)).RunAsync(taken);
                }
                catch (CheckpointRefusedException)
                {
                    // Another owner has it, if only one that began late.
                    if (!isLast)
                    {
                        return;
                    }
                }
                catch (Exception) when (taken.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    private sealed record Process(DebeziumDecoder Decoder, SharedPositions Positions);

    /// <summary>Some calls get no answer in time, and arrive all the same.</summary>
    private sealed class LateDesk(IDeskRiskGrain desk, ConcurrentBag<Task> late) : IDeskRiskGrain
    {
        public async Task ApplyAsync(DeskBatch batch)
        {
            switch (Random.Shared.Next(12))
            {
                case 0:
                    late.Add(Task.Run(async () =>
                    {
                        await Task.Delay(Random.Shared.Next(120));
                        await desk.ApplyAsync(batch);
                    }));
                    await Task.Delay(Random.Shared.Next(20));
                    throw new TimeoutException();
                case 1:
                    await desk.ApplyAsync(batch);
                    await Task.Delay(Random.Shared.Next(60));
                    throw new TimeoutException();
                default:
                    await desk.ApplyAsync(batch);
                    break;
            }
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }
}
