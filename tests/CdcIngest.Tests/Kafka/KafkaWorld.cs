using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A broker, the product's grains over a database file, and any number of ingests of one consumer group.</summary>
internal sealed class KafkaWorld : IAsyncDisposable
{
    public const string Topic = RiskCluster.Feed;

    private readonly List<KafkaIngestService> _ingests = [];

    private KafkaWorld(RiskCluster cluster, int partitions)
    {
        Cluster = cluster;
        Broker.CreateTopic(Topic, partitions);
        Broker.CreateTopic(DeadLetters, 1);
        Book = new TradingBook(Broker, Topic, partitions);
        Kafka = new KafkaOptions { BootstrapServers = Broker.Servers, Topic = Topic, EndsInterval = TimeSpan.FromMilliseconds(100), RequestTimeout = TimeSpan.FromSeconds(2) };
        Kafka.Client["reconnect.backoff.max.ms"] = "500";
    }

    public static string DeadLetters => "positions_cdc.dlq";

    public MockKafka Broker { get; } = new();

    public RiskCluster Cluster { get; }

    public TradingBook Book { get; }

    /// <summary>Of the ingest that was started first.</summary>
    public KafkaReadiness Readiness { get; } = new();

    public InMemoryCheckpoints Checkpoints { get; } = new();

    public KafkaOptions Kafka { get; }

    public IngestOptions Ingest { get; } = new()
    {
        MaxBatch = 50,
        CheckpointInterval = TimeSpan.FromMilliseconds(10),
        ReportInterval = TimeSpan.FromMilliseconds(100),
        SnapshotQuietPeriod = TimeSpan.FromSeconds(1),
        FirstSnapshotWait = TimeSpan.FromMinutes(1),
        CallTimeout = TimeSpan.FromSeconds(2),
        StuckAfter = TimeSpan.FromSeconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(500),
    };

    private IFeedGrain Feed => Cluster.Grains.GetGrain<IFeedGrain>(Topic);

    public static async Task<KafkaWorld> StartAsync(int partitions, RiskCluster? prepared = null) => new(await RiskCluster.StartAsync(prepared, netLimit: 1_000_000_000m), partitions);

    public async Task<KafkaIngestService> StartIngestAsync()
    {
        var ingest = new KafkaIngestService(
            Cluster.Grains,
            new DebeziumDecoder(new DebeziumOptions()),
            Cluster.Stored<IPositionDirectory>(),
            Cluster.Stored<IDeadLetterStore>(),
            Checkpoints,
            Options.Create(Kafka),
            Options.Create(Ingest),
            Readiness,
            new IngestMetrics(new Meters(), TimeProvider.System),
            TimeProvider.System,
            NullLogger<KafkaIngestService>.Instance);
        await ingest.StartAsync(CancellationToken.None);
        _ingests.Add(ingest);
        return ingest;
    }

    public async Task StopIngestAsync(KafkaIngestService ingest)
    {
        _ingests.Remove(ingest);
        await ingest.StopAsync(CancellationToken.None);
        ingest.Dispose();
    }

    public Task<FeedStatus> StatusAsync() => Feed.StatusAsync(null);

    public Task<FeedRecord> RecordAsync() => Feed.OpenAsync();

    /// <summary>Waits until every desk holds what the book says, to the cent.</summary>
    public Task BookIsHeldAsync() => IsHeldAsync(() => Book.Desks);

    /// <inheritdoc cref="BookIsHeldAsync"/>
    /// <param name="expected">The positions of each desk, and the sum of their deltas.</param>
    public async Task IsHeldAsync(Func<IReadOnlyDictionary<string, (int Count, decimal Net)>> expected)
    {
        var last = "";
        try
        {
            await Eventually.IsTrueAsync("every desk holds what the book says", async () =>
            {
                var known = await Cluster.Stored<Risk.Journal.IDeskJournalReader>().DesksAsync(CancellationToken.None);
                var books = expected();
                var desks = books.Keys.Union(known.Select(head => head.Desk));
                var differences = new List<string>();
                foreach (var desk in desks)
                {
                    var view = await Cluster.ReadAsync(desk);
                    var book = books.GetValueOrDefault(desk);
                    if ((view.Totals.Count, view.Totals.Net) != book)
                    {
                        differences.Add($"{desk}: {view.Totals.Count} positions of {view.Totals.Net} instead of {book.Count} of {book.Net}");
                    }
                }

                last = string.Join("; ", differences);
                return differences.Count == 0;
            });
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}: {last}; {string.Join("; ", (await StatusAsync()).Reasons)}");
        }
    }

    public Task IsInStateAsync(FeedState state) => Eventually.IsTrueAsync($"the feed is {state}", async () => (await StatusAsync()).State == state);

    public Task SnapshotsCompletedAsync(int generation) => Eventually.IsTrueAsync(
        $"snapshot {generation} is complete", async () => await RecordAsync() is { Snapshot.IsBuilding: false, DesksToNotify: [] } record && record.Snapshot.Generation == generation);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_ingests.ToList().Select(StopIngestAsync));
        await Cluster.DisposeAsync();
        Broker.Dispose();
    }
}
