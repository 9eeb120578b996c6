using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Silo;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Grains.Tests;

/// <summary>A cluster of the product's silos over one real database file. Only analyst and receiver are the test's.</summary>
internal sealed class RiskCluster : IAsyncDisposable
{
    public const string Feed = "positions_cdc";

    private readonly string _directory = Directory.CreateTempSubdirectory("risk-cluster-").FullName;
    private readonly ServiceProvider _outside;
    private InProcessTestCluster _cluster = null!;

    /// <summary>How often each silo has looked for alerts that are due.</summary>
    private readonly ConcurrentDictionary<SiloAddress, int> _sweeps = new();

    private RiskCluster()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddSqliteStorage(storage => storage.DatabasePath = DatabasePath);
        _outside = services.BuildServiceProvider();
    }

    /// <summary>What the receiver has been sent, attempts included.</summary>
    public ConcurrentQueue<(string DeliveryId, string Body)> Posts { get; } = new();

    /// <summary>Sends in place of the test's receiver.</summary>
    public IAlertSender? Sender { get; set; }

    /// <summary>Null: all messages go to the one endpoint of section Webhook.</summary>
    public IAlertRoutes? Routes { get; set; }

    /// <summary>How the receiver answers.</summary>
    public Func<string, Task<DeliveryResult>> Receive { get; set; } = _ => Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, "200"));

    /// <summary>Who may post at once; null: must wait.</summary>
    public Func<DeliveryPermit?> TryAcquirePermit { get; set; } = () => DeliveryPermit.Granted(() => { });

    /// <inheritdoc cref="TryAcquirePermit"/>
    public Func<CancellationToken, ValueTask<DeliveryPermit>> AcquirePermit { get; set; } = _ => ValueTask.FromResult(DeliveryPermit.Granted(() => { }));

    public Func<EpisodeReport, Task<Analysis>> Analyse { get; set; } = report => Task.FromResult(new Analysis($"revision {report.Episode.Revision}", "{}", "rules"));

    /// <summary>Comes between grains and the alert table of every silo started from now on.</summary>
    public Func<IAlertStore, IAlertStore> WrapAlerts { get; set; } = store => store;

    /// <inheritdoc cref="WrapAlerts"/>
    public Func<IDeskJournal, IDeskJournal> WrapJournal { get; set; } = journal => journal;

    /// <inheritdoc cref="WrapAlerts"/>
    public Func<IReminderStore, IReminderStore> WrapReminders { get; set; } = store => store;

    /// <inheritdoc cref="WrapAlerts"/>
    public Func<ILimitStore, ILimitStore> WrapLimits { get; set; } = store => store;

    /// <summary>Adds to the services of every silo started from now on.</summary>
    public Action<IServiceCollection> AddServices { get; set; } = _ => { };

    /// <summary>Configures every silo started from now on further.</summary>
    public Action<ISiloBuilder> ConfigureSilos { get; set; } = _ => { };

    /// <summary>How often a sweep has looked for alerts that are due.</summary>
    public int Sweeps => _sweeps.Values.Sum();

    /// <summary>The silos on which a sweep has run.</summary>
    public IReadOnlyCollection<SiloAddress> SilosThatSwept => [.. _sweeps.Keys];

    public AlertPolicy Policy { get; init; } = AlertPolicy.Default with
    {
        RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 5)],
    };

    public TimeSpan FoldInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan HeadInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a desk may take to complete a snapshot; usual unless set.</summary>
    public TimeSpan? DeskTimeout { get; set; }

    public string DatabasePath => Path.Combine(_directory, "riskmonitor.db");

    public string ServiceId => _cluster.Options.ServiceId;

    /// <summary>As seen from the newest silo.</summary>
    public IGrainFactory Grains { get; private set; } = null!;

    /// <summary>The database as another process sees it.</summary>
    public T Stored<T>()
        where T : notnull => _outside.GetRequiredService<T>();

    public static async Task<RiskCluster> StartAsync(RiskCluster? prepared = null, decimal netLimit = 1_000m, short silos = 1)
    {
        var cluster = prepared ?? new RiskCluster();
        await cluster._outside.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None);
        await cluster.Stored<ILimitStore>().ConfigureAsync(AlertingScope.Default, [Limit(netLimit)], CancellationToken.None);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSiloHost((_, host) => cluster.Configure(host.Services));
        builder.ConfigureSilo((_, silo) => cluster.ConfigureSilos(silo));
        builder.ConfigureSilo((_, silo) => silo.AddRiskMonitor(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sweep:Interval"] = "00:00:00.2",
            ["Sweep:Grace"] = "00:00:00.1",
        }).Build()).UseSqlite());
        cluster._cluster = builder.Build();
        await cluster._cluster.DeployAsync();
        cluster.EnterBy(cluster._cluster.Silos[0]);
        return cluster;
    }

    public static RiskCluster Prepare(AlertPolicy policy) => new() { Policy = policy };

    public static RiskCluster Prepare() => new();

    public static RiskLimit Limit(decimal threshold, int version = 0) => new(
        "config:default", "standard", LimitScope.Default, "", RiskMetric.NetDelta, "intraday", threshold,
        RiskLimit.DefaultWarningRatio, RiskLimit.DefaultCureRatio, SeveritySteps.Default, null, null, null, version, "test", "test");

    /// <summary>Kills every silo where it stands and starts another.</summary>
    public async Task KillAndRestartAsync()
    {
        foreach (var silo in _cluster.Silos.ToList())
        {
            await _cluster.KillSiloAsync(silo);
        }

        EnterBy(await _cluster.StartAdditionalSiloAsync());
    }

    /// <summary>Kills one silo where it stands. Grains are entered by another one from now on.</summary>
    public async Task KillAsync(SiloAddress silo)
    {
        EnterBy(_cluster.Silos.First(other => !other.SiloAddress.Equals(silo)));
        await _cluster.KillSiloAsync(_cluster.Silos.Single(one => one.SiloAddress.Equals(silo)));
    }

    /// <summary>All silos that run.</summary>
    public IReadOnlyList<SiloAddress> Silos => [.. _cluster.Silos.Select(silo => silo.SiloAddress)];

    /// <summary>Starts one more silo.</summary>
    public Task StartSiloAsync() => _cluster.StartAdditionalSiloAsync();

    /// <summary>Stops a silo as a deployment does. Grains are entered by another one from now on.</summary>
    public async Task StopAsync(SiloAddress silo)
    {
        EnterBy(_cluster.Silos.First(other => !other.SiloAddress.Equals(silo)));
        await _cluster.StopSiloAsync(_cluster.Silos.Single(one => one.SiloAddress.Equals(silo)));
    }

    /// <summary>How many alerts the gauge of each silo shows; silos whose gauge shows nothing are absent.</summary>
    public IReadOnlyDictionary<SiloAddress, long> CountedAlerts()
    {
        var counts = new Dictionary<SiloAddress, long>();
        foreach (var silo in _cluster.Silos.Select(silo => silo.SiloAddress))
        {
            var meters = _cluster.GetSiloServiceProvider(silo).GetRequiredService<IMeterFactory>();
            using var listener = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Name == "alerts" && ReferenceEquals(instrument.Meter.Scope, meters))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<long>((_, count, _, _) => counts[silo] = counts.GetValueOrDefault(silo) + count);
            listener.Start();
            listener.RecordObservableInstruments();
        }

        return counts;
    }

    public static DeskBatch Batch(params PositionChange[] changes) => Batch(default, changes);

    public static DeskBatch Batch(SnapshotProgress snapshot, params PositionChange[] changes) => new()
    {
        Feed = Feed,
        Changes = changes,
        Snapshot = snapshot,
        FeedState = FeedState.Live,
        IngestedAt = DateTimeOffset.UtcNow,
    };

    public static PositionChange Put(long offset, string desk, string position, decimal? delta, int partition = 0) => new(
        new Delivery(Feed, partition, offset),
        position,
        new Position(position, "t1", desk, "SPX", 1, delta, new DateOnly(2026, 5, 2), "USD", DateTimeOffset.UnixEpoch),
        null,
        null,
        new SourceTime(DateTimeOffset.UtcNow, false, null));

    public Task ApplyAsync(string desk, params PositionChange[] changes) => Grains.GetGrain<IDeskRiskGrain>(desk).ApplyAsync(Batch(changes));

    public Task<DeskView> ReadAsync(string desk) => Grains.GetGrain<IDeskRiskGrain>(desk).ReadAsync();

    /// <summary>Waits until every desk has judged by the last snapshot.</summary>
    public Task EveryDeskNotifiedAsync() => Eventually.IsTrueAsync(
        "every desk is notified that the snapshot is complete",
        async () => (await Grains.GetGrain<IFeedGrain>(Feed).OpenAsync()).DesksToNotify.Count == 0);

    public IAlertGrain AlertGrain(Alert alert) => Grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D"));

    public async Task<IReadOnlyList<Alert>> AlertsAsync() =>
        (await Stored<IAlertQueries>().ListAsync(new AlertFilter(IncludeTransient: true), null, 500, CancellationToken.None)).Alerts;

    public async Task<Alert> AlertAsync(Func<Alert, bool> condition, string what)
    {
        Alert? found = null;
        await Eventually.IsTrueAsync(what, async () => (found = (await AlertsAsync()).FirstOrDefault(condition)) is not null);
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _outside.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The cluster's client would try the gateways of dead silos first.</summary>
    private void EnterBy(InProcessSiloHandle silo) => Grains = _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IGrainFactory>();

    private void Configure(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSqliteStorage(storage => storage.DatabasePath = DatabasePath);
        Wrap<IAlertStore>(services, (_, store) => WrapAlerts(store));
        Wrap<IDeskJournal>(services, (_, journal) => WrapJournal(journal));
        Wrap<IReminderStore>(services, (_, store) => WrapReminders(store));
        Wrap<ILimitStore>(services, (_, store) => WrapLimits(store));
        Wrap<IAlertStore>(services, (provider, store) =>
        {
            var silo = provider.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            return new CountingAlertStore(store, () => _sweeps.AddOrUpdate(silo, 1, (_, count) => count + 1));
        });
        services.AddSingleton<IAnalyst>(new TestAnalyst(this));
        services.AddSingleton(Sender ?? new TestReceiver(this));
        if (Routes is not null)
        {
            services.AddSingleton(Routes);
        }

        services.AddSingleton(Policy);
        services.Configure<Desks.DeskOptions>(options =>
        {
            options.FoldInterval = FoldInterval;
            options.RetryUnavailable = TimeSpan.FromMilliseconds(200);
            options.HeadInterval = HeadInterval;
        });
        services.Configure<Feeds.FeedOptions>(options => options.DeskTimeout = DeskTimeout ?? options.DeskTimeout);
        AddServices(services);
    }

    private static void Wrap<T>(IServiceCollection services, Func<IServiceProvider, T, T> wrap)
        where T : class
    {
        var registered = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(registered);
        services.AddSingleton(provider => wrap(provider, (T)(registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!))));
    }

    private sealed class TestAnalyst(RiskCluster cluster) : IAnalyst
    {
        public Task<Analysis> AnalyseAsync(EpisodeReport report, CancellationToken cancellationToken) => cluster.Analyse(report);
    }

    private sealed class TestReceiver(RiskCluster cluster) : IAlertSender
    {
        public DeliveryPermit? TryAcquirePermit(string endpoint) => cluster.TryAcquirePermit();

        public ValueTask<DeliveryPermit> AcquirePermitAsync(string endpoint, CancellationToken cancellationToken) => cluster.AcquirePermit(cancellationToken);

        public Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            cluster.Posts.Enqueue((message.DeliveryId, message.Body));
            return cluster.Receive(message.DeliveryId);
        }

        public Task<DeliveryResult> SendTogetherAsync(string endpoint, IReadOnlyList<OutgoingMessage> messages) => throw new NotSupportedException("this receiver takes no lists");
    }
}
