using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Alerting.Tests.Llm;

/// <summary>A model that answers in parts, and what it is told of earlier breaches.</summary>
public sealed class TypedAnalysisTests
{
    private const string Summary = "Rates/EU is net long 1.6 million EUR, 60% above its intraday limit of 1,000,000 EUR.";
    private const string Driver = "All of its risk sits in EUR";
    private const string Action = "Selling 600,000 EUR of delta would end the breach";

    private static readonly EpisodeReport s_breach = Breaches.Report(new Totals(2_000_000, -400_000, 12, 0), threshold: 1_000_000);

    [Theory]
    [InlineData("{0}")]
    [InlineData("```json\n{0}\n```")]
    public async Task Its_parts_are_the_text_and_stand_beside_the_figures_of_the_rules(string form)
    {
        var (analysis, _) = await AnalyseAsync(s_breach, form.Replace("{0}", Answer(Summary, Driver, Action, "high"), StringComparison.Ordinal));
        Assert.Equal(("llm", $"{Summary} {Driver}. {Action}.".Replace("Rates/EU", "\"Rates/EU\"", StringComparison.Ordinal)), (analysis.Source, analysis.Text));
        var json = JsonNode.Parse(analysis.Json)!;
        Assert.Equal("1600000.0000", (string?)json["figures"]!["value"]);
        Assert.Equal(("high", $"{Driver}.", $"{Action}."), ((string?)json["model"]!["confidence"], (string?)json["model"]!["drivers"]![0], (string?)json["model"]!["suggested_actions"]![0]));
    }

    [Fact]
    public async Task No_text_about_doubtful_data_is_very_sure()
    {
        var (analysis, _) = await AnalyseAsync(s_breach with { Feed = FeedState.Stale }, Answer(Summary + " The feed is stale.", Driver, Action, "high"));
        Assert.Equal("medium", (string?)JsonNode.Parse(analysis.Json)!["model"]!["confidence"]);
    }

    [Theory]
    [InlineData("Rates/EU is net long 1.7 million EUR.", Driver, Action)]
    [InlineData(Summary, "Credit carries 1.6 million EUR of it", Action)]
    [InlineData(Summary, "Two thirds sit in EUR", Action)]
    [InlineData(Summary, Driver, "Selling 700,000 EUR of delta would end the breach")]
    [InlineData(Summary, Driver, "Nothing, Rates/EU is within its limits")]
    [InlineData("", Driver, Action)]
    public async Task A_lie_in_any_part_makes_all_of_it_the_rules(string summary, string driver, string action)
    {
        var (analysis, _) = await AnalyseAsync(s_breach, Answer(summary, driver, action, "high"));
        Assert.Equal("rules", analysis.Source);
        Assert.Null(JsonNode.Parse(analysis.Json)!["model"]);
    }

    [Theory]
    [InlineData("{\"summary\": \"Rates/EU is net long 1.6 million EUR.\"")]
    [InlineData("{\"summary\": 3}")]
    [InlineData("Here you are: {\"summary\": \"Rates/EU is net long 1.6 million EUR.\", \"confidence\": \"sure\"")]
    public async Task What_is_half_an_answer_is_none(string text) => Assert.Equal("rules", (await AnalyseAsync(s_breach, text)).Analysis.Source);

    [Fact]
    public async Task The_model_is_told_of_earlier_breaches_and_may_quote_none_of_their_figures()
    {
        var past = new Past(Breaches.Alert("Rates/EU", 5_000) with { AlertId = Guid.NewGuid(), Acknowledgement = new Acknowledgement("ann", null, "our secret", Disposition.Reducing, null, 1, Breaches.Noon) });
        var (analysis, told) = await AnalyseAsync(s_breach, Answer(Summary, Driver, Action, "medium"), past);
        Assert.Equal("llm", analysis.Source);
        var alert = Assert.Single(Facts(told)["past_alerts"]!.AsArray())!;
        Assert.Equal(("reducing", "long", "CRITICAL"), ((string?)alert["disposition"], (string?)alert["direction"], (string?)alert["severity"]));
        Assert.DoesNotContain("our secret", told, StringComparison.Ordinal);
        Assert.Equal(["Rates/EU"], past.Asked!.Desks);

        Assert.Equal("rules", (await AnalyseAsync(s_breach, Answer(Summary + " Last time Rates/EU was net long 5,000 EUR.", Driver, Action, "high"), past)).Analysis.Source);
    }

    [Fact]
    public async Task An_alert_does_not_wait_for_a_past_that_cannot_be_read()
    {
        var (analysis, told) = await AnalyseAsync(s_breach, Answer(Summary, Driver, Action, "low"), new Past(null));
        Assert.Equal("llm", analysis.Source);
        Assert.Null(Facts(told)["past_alerts"]);
    }

    private static JsonNode Facts(string told) => JsonNode.Parse((string)JsonNode.Parse(told)!["messages"]!.AsArray().Last()!["content"]!)!;

    private static string Answer(string summary, string driver, string action, string confidence) => JsonSerializer.Serialize(new
    {
        summary,
        drivers = new[] { driver },
        suggested_actions = new[] { action },
        confidence,
    });

    private static async Task<(Analysis Analysis, string Told)> AnalyseAsync(EpisodeReport report, string text, IAlertQueries? past = null)
    {
        await using var model = await Receiver.StartAsync(context => Completion.WriteAsync(context, text));
        var settings = new Dictionary<string, string?> { ["Llm:Endpoint"] = model.Url, ["Llm:Model"] = "m" };
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider());
        if (past is not null)
        {
            services.AddSingleton(past);
        }

        await using var provider = services.AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        var analysis = await provider.GetRequiredService<IAnalyst>().AnalyseAsync(report, CancellationToken.None);
        return (analysis, Encoding.UTF8.GetString(Assert.Single(model.Messages).Body));
    }

    /// <summary>Stored alerts; null: they cannot be read.</summary>
    private sealed class Past(Alert? alert) : IAlertQueries
    {
        public AlertFilter? Asked { get; private set; }

        public Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken)
        {
            Asked = filter;
            return alert is null ? throw new IOException("disk is away") : Task.FromResult(new AlertPage([alert], 1, null));
        }

        public Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
