using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Llm.Figures;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.Alerting.Tests.Llm;

/// <summary>What a model is told around a breach: limits, recent changes, the market, and what could not be read in time.</summary>
public sealed class AnalysisContextTests
{
    private const string Summary = "Rates/EU is net long 1.6 million EUR, 60% above its net limit of 1,000,000 EUR.";

    private static readonly EpisodeReport s_breach = Breaches.Report(new Totals(2_000_000, -400_000, 12, 0), threshold: 1_000_000);

    [Fact]
    public async Task The_model_is_told_of_every_measure_with_its_limit_and_utilisation()
    {
        var (_, told) = await AskAsync(new World { Limits = Limits(Limit(RiskMetric.NetDelta, 5), Limit(RiskMetric.GrossDelta, 3_000_000)) });

        var rows = told["limits"]!.AsArray();
        Assert.Equal(["net_delta", "gross_delta"], rows.Select(row => (string?)row!["metric"]));
        // The breach has the limit that it was judged by, whatever the table says by now.
        Assert.Equal(("1000000.0000", 1.6m, "breach"), Row(rows[0]!));
        Assert.Equal(("3000000.0000", 0.8m, "warning"), Row(rows[1]!));
        Assert.Equal(["recent_changes", "past_alerts"], LeftOut(told));

        (_, told) = await AskAsync(new World { Limits = Limits() });
        Assert.Equal((null, null, "no_limit"), Row(told["limits"]![1]!));

        static (string?, decimal?, string?) Row(JsonNode row) => ((string?)row["threshold_value"], (decimal?)row["utilisation"], (string?)row["utilisation_state"]);
    }

    [Fact]
    public async Task It_is_told_how_the_last_records_moved_the_desk_and_of_no_position()
    {
        var world = new World { Changes = [Change(7, 450_000, 450_000, positions: 3), Change(6, -70_000, 90_000, currencies: "USD")] };

        var (_, told) = await AskAsync(world);

        Assert.Equal((s_breach.Desk, s_breach.Sequence, 10), world.Asked);
        var rows = told["recent_changes"]!.AsArray();
        Assert.Equal(("positions", 3, "450000.0000", "450000.0000", "EUR"), Row(rows[0]!));
        // A change of another currency is a raw number.
        Assert.Equal(("positions", 1, "-70000.0000", "90000.0000", "mixed"), Row(rows[1]!));
        Assert.Equal("2026-05-04T11:53:00.000Z", (string?)rows[0]!["at"]);
        Assert.DoesNotContain("position_id", told.ToJsonString(), StringComparison.Ordinal);

        static (string?, int?, string?, string?, string?) Row(JsonNode row) =>
            ((string?)row["what"], (int?)row["change_count"], (string?)row["net_change"], (string?)row["gross_change"], (string?)row["unit"]);
    }

    [Theory]
    [InlineData("The net delta of Rates/EU rose by 450,000 EUR at 11:53 UTC.", "llm")]
    [InlineData("Rates/EU uses 80% of its gross limit of 3,000,000 EUR.", "llm")]
    [InlineData("The net delta of Rates/EU fell by 450,000 EUR at 11:53 UTC.", "rules")]
    [InlineData("Rates/EU is net long 450,000 EUR.", "rules")]
    [InlineData("Rates/EU is net long 1.6 million EUR against a limit of 3,000,000 EUR.", "rules")]
    [InlineData("Its gross delta is within the limit.", "rules")]
    public async Task Its_figures_may_be_quoted_as_what_they_are(string driver, string source)
    {
        var world = new World { Limits = Limits(Limit(RiskMetric.GrossDelta, 3_000_000)), Changes = [Change(7, 450_000, 450_000)] };

        var (analysis, _) = await AskAsync(world, driver);

        Assert.Equal(source, analysis.Source);
    }

    [Fact]
    public async Task The_market_is_told_with_its_age_and_is_not_known_where_there_is_none()
    {
        var (_, told) = await AskAsync(new World());
        Assert.Equal("""{"state":"not_known"}""", told["market"]!.ToJsonString());

        (_, told) = await AskAsync(new World { Market = new Market(null) });
        Assert.Equal(("unavailable", null, null), ((string?)told["market"]!["state"], (string?)told["market"]!["delta"], (string?)told["market"]!["snapshot_as_of"]));

        var rate = new FxRate("EUR", "USD", 1.08m, Breaches.Noon.AddSeconds(-20));
        var snapshot = new MarketSnapshot("s1", Breaches.Noon.AddSeconds(-20), "desk", new Dictionary<string, MarketPrice>(), [rate]);
        var (analysis, live) = await AskAsync(new World { Market = new Market(snapshot) }, "Rates/EU is net long 1,728,000 USD by the snapshot of 11:59:40 UTC.");
        Assert.Equal("llm", analysis.Source);
        var market = live["market"]!;
        Assert.Equal(("live", "USD", "1728000.0000", "2592000.0000", 20), ((string?)market["state"], (string?)market["currency"], (string?)market["delta"], (string?)market["gross_delta"], (int?)market["age_seconds"]));
        Assert.Equal("2026-05-04T11:59:40.000Z", (string?)market["snapshot_as_of"]);
    }

    [Fact]
    public async Task What_cannot_be_read_in_time_is_left_out_and_named_and_the_model_is_asked_all_the_same()
    {
        var world = new World { Hangs = true, Past = [Breaches.Alert("Rates/EU", 5_000) with { AlertId = Guid.NewGuid() }] };

        var (analysis, told) = await AskAsync(world);

        Assert.Equal("llm", analysis.Source);
        Assert.Equal(["limits", "recent_changes"], LeftOut(told));
        Assert.Single(told["past_alerts"]!.AsArray());
        Assert.Null(told["recent_changes"]);
    }

    [Fact]
    public async Task What_the_rules_write_passes_the_check_with_all_that_is_known_around_a_breach()
    {
        var around = new Surroundings(Limits(Limit(RiskMetric.NetDelta, 5_000_000), Limit(RiskMetric.GrossDelta, 3_000_000)), [Change(7, 450_000, 450_000)], [], null);
        EpisodeReport[] reports =
        [
            s_breach,
            Breaches.Report(new Totals(0, -1_500_000.25m, 3, 0), threshold: 1_000_000),
            Breaches.Report(new Totals(700, -700, 4, 0), threshold: 1_000, metric: RiskMetric.GrossDelta),
        ];
        foreach (var report in reports)
        {
            var text = (await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None)).Text;
            Assert.Null(FigureCheck.Check(text, [new FigureSource(BreachFacts.Of(report, Assessment.Of(report), around), report.DetectedAt, report.Desk)], [report.Desk]).Problem);
        }
    }

    [Fact]
    public async Task What_a_model_is_told_stays_small()
    {
        var world = new World
        {
            Limits = Limits(Limit(RiskMetric.NetDelta, 5), Limit(RiskMetric.GrossDelta, 3_000_000)),
            Changes = [.. Enumerable.Range(0, 10).Select(i => Change(7 - i, -123_456_789.1234m, 123_456_789.1234m, positions: 1_000))],
            Past = [.. Enumerable.Range(0, 6).Select(_ => Breaches.Alert("Rates/EU", 5_000) with { AlertId = Guid.NewGuid() })],
        };

        var (_, told) = await AskAsync(world);

        Assert.Equal(5, told["past_alerts"]!.AsArray().Count);
        Assert.InRange(told.ToJsonString().Length, 1_000, 6_000);
    }

    private static IEnumerable<string?> LeftOut(JsonNode told) => told["left_out"]!.AsArray().Select(part => (string?)part);

    private static RiskLimit Limit(RiskMetric metric, decimal threshold) => new(
        $"{metric}", "standard", LimitScope.Default, "", metric, "intraday", threshold, 0.8m, 1m, SeveritySteps.Default, null, null, null, 1, "", "");

    private static LimitSet Limits(params RiskLimit[] limits) => new(1, AlertingScope.Default, limits);

    private static DeskChange Change(int sequence, decimal net, decimal gross, int positions = 1, string currencies = "EUR") =>
        new(sequence, Breaches.Noon.AddMinutes(-sequence), DeskChangeKind.Positions, positions, [currencies], net, gross, 0);

    private static async Task<(Analysis Analysis, JsonNode Told)> AskAsync(World world, string driver = "All of its risk sits in EUR.")
    {
        var answer = JsonSerializer.Serialize(new { summary = Summary, drivers = new[] { driver }, confidence = "high" });
        await using var model = await Receiver.StartAsync(context => Completion.WriteAsync(context, answer));
        var time = new FakeTimeProvider(Breaches.Noon);
        var settings = new Dictionary<string, string?> { ["Llm:Endpoint"] = model.Url, ["Llm:Model"] = "m" };
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time);
        world.AddTo(services);
        await using var provider = services.AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        var asking = provider.GetRequiredService<IAnalyst>().AnalyseAsync(s_breach, CancellationToken.None);
        if (world.Hangs)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
        }

        var analysis = await asking;
        var request = JsonNode.Parse(Encoding.UTF8.GetString(Assert.Single(model.Messages).Body))!;
        return (analysis, JsonNode.Parse((string)request["messages"]!.AsArray().Last()!["content"]!)!);
    }

    /// <summary>What can be read around a breach; null: the store is not there.</summary>
    private sealed class World : IDeskChanges
    {
        public LimitSet? Limits { get; init; }

        public IReadOnlyList<DeskChange>? Changes { get; init; }

        public IReadOnlyList<Alert>? Past { get; init; }

        public Market? Market { get; init; }

        /// <summary>Limits and changes never come.</summary>
        public bool Hangs { get; init; }

        public (string Desk, long Through, int AtMost)? Asked { get; private set; }

        public void AddTo(IServiceCollection services)
        {
            if (Limits is not null || Hangs)
            {
                services.AddSingleton<ILimitStore>(new LimitsOf(this));
            }

            if (Changes is not null || Hangs)
            {
                services.AddSingleton<IDeskChanges>(this);
            }

            if (Past is not null)
            {
                services.AddSingleton<IAlertQueries>(new PastOf(Past));
            }

            if (Market is not null)
            {
                services.AddSingleton<IMarketViews>(Market);
            }
        }

        public Task<IReadOnlyList<DeskChange>> LastAsync(string desk, long through, int atMost, CancellationToken cancellationToken)
        {
            Asked = (desk, through, atMost);
            return Hangs ? new TaskCompletionSource<IReadOnlyList<DeskChange>>().Task : Task.FromResult(Changes!);
        }
    }

    private sealed class Market(MarketSnapshot? snapshot) : IMarketViews
    {
        public MarketView? View(DateTimeOffset now) => new(snapshot, new CurrencyTable("USD", snapshot?.Rates ?? []), now.AddMinutes(-5));
    }

    private sealed class LimitsOf(World world) : ILimitStore
    {
        public Task<LimitSet> ForDeskAsync(string desk, CancellationToken cancellationToken) => world.Hangs ? new TaskCompletionSource<LimitSet>().Task : Task.FromResult(world.Limits!);

        public Task<long> VersionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LimitHistoryPage> HistoryAsync(LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ConfigureAsync(AlertingScope alerting, IReadOnlyList<RiskLimit> configured, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class PastOf(IReadOnlyList<Alert> alerts) : IAlertQueries
    {
        public Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken) => Task.FromResult(new AlertPage(alerts, alerts.Count, null));

        public Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
