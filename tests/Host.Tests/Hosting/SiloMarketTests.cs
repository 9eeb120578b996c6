using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.UseCases.Markets;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>A silo of a cluster fetches the market by its own options, for the model that explains breaches.</summary>
public sealed class SiloMarketTests
{
    [Fact]
    public async Task The_model_of_a_silo_is_told_of_the_market_with_its_time_and_age()
    {
        var asOf = DateTimeOffset.UtcNow.AddMinutes(-2);
        await using var outside = await Outside.StartAsync($$"""
            {"snapshot_id":"s1","as_of":"{{asOf:O}}","source":"test","prices":[],"fx":[{"base":"EUR","quote":"USD","rate":1.25,"at":"{{asOf:O}}"}]}
            """);
        await using var silo = Silo(outside.Market, outside.Model);
        var feed = Assert.Single(silo.Services.GetKeyedServices<IHostedService>("in order").OfType<MarketFeed>());
        await feed.StartAsync(CancellationToken.None);
        var market = silo.Services.GetRequiredService<MarketData>();
        await Eventually.IsTrueAsync("the silo has a snapshot", () => market.Newest is not null);

        // The model's answer is of no interest: the rules write the text where it fails.
        await silo.Services.GetRequiredService<IAnalyst>().AnalyseAsync(Breach(), CancellationToken.None);
        await feed.StopAsync(CancellationToken.None);

        var asked = Assert.Single(outside.Asked.Distinct()).Replace("\\", "", StringComparison.Ordinal).Replace("u0022", "\"", StringComparison.Ordinal);
        Assert.Contains("\"snapshot_as_of\":\"" + AlertDocument.Time(asOf), asked, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"live\"", asked, StringComparison.Ordinal);
        Assert.Contains("\"delta\":\"2500", asked, StringComparison.Ordinal);
        Assert.Matches("\"age_seconds\":1[2-9][0-9]", asked);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Without_a_model_or_without_an_address_a_silo_fetches_nothing(bool hasMarket, bool hasModel)
    {
        await using var outside = await Outside.StartAsync("{}");
        await using var silo = Silo(hasMarket ? outside.Market : null, hasModel ? outside.Model : null);

        foreach (var feed in silo.Services.GetKeyedServices<IHostedService>("in order").OfType<MarketFeed>())
        {
            await feed.StartAsync(CancellationToken.None);
            await feed.ExecuteTask!;
        }

        Assert.Equal(0, outside.Fetched);
    }

    private static WebApplication Silo(string? market, string? model)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Role"] = "silo",
            ["Logging:LogLevel:Default"] = "None",
            ["MySql:ConnectionString"] = "Server=127.0.0.1;Port=1;Database=riskmonitor;User ID=riskmonitor;Password=none",
            ["Kafka:BootstrapServers"] = "kafka:9092",
            ["Kafka:Topic"] = "trading.trading.positions",
            ["MarketData:ReportingCurrency"] = market is null ? null : "USD",
            ["MarketData:Url"] = market,
            ["Llm:Endpoint"] = model,
            ["Llm:Model"] = model is null ? null : "scripted",
        }).Build();
        var settings = HostSettings.Read(configuration);
        using var server = ServerSocket.Bind(IPAddress.Loopback, 0);
        return MonitorApp.Build(settings, configuration, server, new ClusterInfrastructure(settings, configuration));
    }

    private static EpisodeReport Breach()
    {
        var now = DateTimeOffset.UtcNow;
        var totals = new Totals(2_000m, 0, 1, 0);
        var episode = new Episode
        {
            Key = new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard"),
            Number = 1,
            AlertId = Guid.NewGuid(),
            OpenedAt = now,
            OpenedValue = 2_000m,
            Cause = new BreachCause(CauseKind.Position, new Delivery("positions_cdc", 0, 1), "P1", null, null, null, now),
            Limit = new LimitReference("house", 1),
            Value = 2_000m,
            Unit = "EUR",
            Threshold = 1_000m,
            Severity = Severity.Critical,
            Revision = 1,
            PeakValue = 2_000m,
            PeakAt = now,
        };
        return new EpisodeReport("Rates", 1, episode, "EUR", FeedState.Live, now, new BreachContext(totals, [new Group("EUR", "EUR", totals)], [], [], now));
    }

    /// <summary>The market source and the model.</summary>
    private sealed class Outside : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _fetched;

        private Outside(WebApplication app) => _app = app;

        public string Market => _app.Urls.Single() + "/market";

        public string Model => _app.Urls.Single() + "/v1";

        public int Fetched => _fetched;

        /// <summary>The bodies that the model got.</summary>
        public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = new();

        public static async Task<Outside> StartAsync(string snapshot)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var outside = new Outside(builder.Build());
            outside._app.Run(async context =>
            {
                if (context.Request.Path == "/market")
                {
                    Interlocked.Increment(ref outside._fetched);
                    await context.Response.WriteAsync(snapshot);
                    return;
                }

                using var body = new StreamReader(context.Request.Body);
                outside.Asked.Enqueue(await body.ReadToEndAsync());
                context.Response.StatusCode = 500;
            });
            await outside._app.StartAsync();
            return outside;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
