using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Llm.Figures;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Alerting.Tests.Llm;

public sealed class LlmAnalystTests
{
    private const string Right = "Rates/EU is net long 1.6 million EUR, 60% above its intraday limit of 1,000,000 EUR. Selling 600,000 EUR of delta would end the breach.";

    private static readonly EpisodeReport s_breach = Breaches.Report(new Totals(2_000_000, -400_000, 12, 0), threshold: 1_000_000);

    [Fact]
    public async Task A_proven_analysis_is_the_models_and_the_figures_for_programs_are_the_rules()
    {
        var (analysis, requests) = await AnalyseAsync(s_breach, Right);

        Assert.Equal("llm", analysis.Source);
        Assert.Equal(Right.Replace("Rates/EU", "\"Rates/EU\"", StringComparison.Ordinal), analysis.Text);
        Assert.Equal((await new RulesAnalyst().AnalyseAsync(s_breach, CancellationToken.None)).Json, analysis.Json);
        var told = (string)Assert.Single(requests)["messages"]!.AsArray().Last()!["content"]!;
        Assert.Contains("1600000.0000", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_told_nobody_below_the_desk()
    {
        var (_, requests) = await AnalyseAsync(s_breach, Right);

        var told = Assert.Single(requests).ToJsonString();
        Assert.DoesNotContain("trader-7", told, StringComparison.Ordinal);
        Assert.DoesNotContain("BUND-10Y", told, StringComparison.Ordinal);
        Assert.DoesNotContain("P-1", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Rates/EU is net long 1.7 million EUR.")]
    [InlineData("Rates/EU is net short 1.6 million EUR.")]
    [InlineData("Rates/EU is net long 1.6 million USD.")]
    [InlineData("Rates/EU is 70% above its limit.")]
    [InlineData("Rates/EU is within its limits.")]
    [InlineData("The desk is net long 1.6 million EUR.")]
    [InlineData("")]
    public async Task An_analysis_that_cannot_be_proven_is_the_rules(string text)
    {
        var (analysis, _) = await AnalyseAsync(s_breach, text);

        Assert.Equal("rules", analysis.Source);
        Assert.Contains("\"Rates/EU\" is net long 1,600,000 EUR", analysis.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_analysis_that_keeps_a_doubt_to_itself_is_the_rules()
    {
        Assert.Equal("rules", (await AnalyseAsync(s_breach with { Feed = FeedState.Stale }, Right)).Analysis.Source);
        Assert.Equal("rules", (await AnalyseAsync(Breaches.Report(new Totals(2_000_000, -400_000, 12, 3), threshold: 1_000_000), Right)).Analysis.Source);
        Assert.Equal("llm", (await AnalyseAsync(s_breach with { Feed = FeedState.Stale }, Right + " The feed is stale.")).Analysis.Source);
    }

    [Fact]
    public async Task A_model_that_fails_or_hangs_costs_an_alert_its_patience_and_no_more()
    {
        var hanging = await AnalyseAsync(s_breach, context => Task.Delay(Timeout.Infinite, context.RequestAborted), TimeProvider.System);
        var failing = await AnalyseAsync(s_breach, context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        }, TimeProvider.System);

        Assert.Equal("rules", hanging.Analysis.Source);
        Assert.Equal("rules", failing.Analysis.Source);
    }

    [Fact]
    public void Without_an_endpoint_the_rules_are_the_analyst()
    {
        using var services = Services([], TimeProvider.System);

        Assert.IsType<RulesAnalyst>(services.GetRequiredService<IAnalyst>());
    }

    [Fact]
    public async Task What_the_rules_write_passes_the_check_that_models_must_pass()
    {
        EpisodeReport[] reports =
        [
            s_breach,
            Breaches.Report(new Totals(0, -1_500_000.25m, 3, 0), threshold: 1_000_000),
            Breaches.Report(new Totals(700, -700, 4, 0), threshold: 1_000, metric: RiskMonitor.Risk.Limits.RiskMetric.GrossDelta),
            Breaches.Report(new Totals(5, 0, 1, 0), threshold: 0),
        ];
        foreach (var report in reports)
        {
            var text = (await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None)).Text;
            Assert.Null(FigureCheck.Check(text, [new FigureSource(BreachFacts.Of(report, Assessment.Of(report)), report.DetectedAt, report.Desk)], [report.Desk]).Problem);
        }
    }

    private static Task<(Analysis Analysis, IReadOnlyList<JsonNode> Requests)> AnalyseAsync(EpisodeReport report, string text) =>
        AnalyseAsync(report, context => Completion.WriteAsync(context, text));

    /// <param name="clock">Null: one that stands, so that no load of the machine lets a timeout pass.</param>
    private static async Task<(Analysis Analysis, IReadOnlyList<JsonNode> Requests)> AnalyseAsync(
        EpisodeReport report, Func<HttpContext, Task> answer, TimeProvider? clock = null)
    {
        await using var model = await Receiver.StartAsync(answer);
        using var services = Services([("Llm:Endpoint", model.Url), ("Llm:Model", "m"), ("Llm:AnalysisTimeout", "00:00:00.5")], clock ?? new FakeTimeProvider());

        var analysis = await services.GetRequiredService<IAnalyst>().AnalyseAsync(report, CancellationToken.None);

        return (analysis, [.. model.Messages.Select(message => JsonNode.Parse(Encoding.UTF8.GetString(message.Body))!)]);
    }

    private static ServiceProvider Services((string Key, string Value)[] settings, TimeProvider clock)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddLogging().AddSingleton(clock).AddAlerting(configuration).BuildServiceProvider();
    }
}
