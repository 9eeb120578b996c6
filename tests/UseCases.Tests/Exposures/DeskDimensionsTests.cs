using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Desks;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Markets;
using RiskMonitor.UseCases.Positions;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Exposures;

/// <summary>A desk may have thousands of securities, so a question gets only the breakdowns that its answer shows.</summary>
public sealed class DeskDimensionsTests
{
    private static readonly Caller Trader = new("ann", Role.Viewer, null, Clearance.Trader);
    private static readonly Caller Manager = new("joe", Role.Viewer, null, Clearance.Desk);

    private readonly Book _book = new();

    public DeskDimensionsTests()
    {
        _book.Limit("default", 1_000);
        _book.Put("Rates", "P1", 2_000);
        _book.Put("FX", "P2", 500, currency: "EUR");
    }

    [Theory]
    [InlineData("name", null)]
    [InlineData("utilisation", null)]
    [InlineData("net_delta", "gross_delta > 100 and in_breach = true")]
    public async Task A_list_of_desks_reads_no_breakdown(string order, string? filter)
    {
        var answer = await new ListDesks(Catalogue, Live, new PastDesks(_book), Limits)
            .AskAsync(new ListDesksInput(order, null, null, Filter: filter), Context(Trader), CancellationToken.None);

        Assert.NotEmpty(answer.Desks);
        Assert.Equal(DeskDimensions.None, _book.Asked);
    }

    [Fact]
    public async Task Alerts_read_no_breakdown_for_the_figure_of_now()
    {
        var alerts = await new QueryAlerts(Catalogue, Live, _book).AskAsync(
            new QueryAlertsInput(null, null, null, null, null, null, null, null, null, null), Context(Trader), CancellationToken.None);
        var alert = await new GetAlert(Live, _book).AskAsync(_book.AlertOf("Rates").ToString("D"), Context(Trader), CancellationToken.None);

        Assert.Equal(2_000m, Assert.Single(alerts.Alerts).CurrentValue);
        Assert.Equal(2_000m, alert.Alert.CurrentValue);
        Assert.Equal(DeskDimensions.None, _book.Asked);
    }

    [Theory]
    [InlineData("desk", null, DeskDimensions.Currency)]
    [InlineData("currency", null, DeskDimensions.Currency)]
    [InlineData("desk,currency", null, DeskDimensions.Currency)]
    [InlineData("desk", "T1", DeskDimensions.Trader)]
    [InlineData("trader,currency", null, DeskDimensions.Trader)]
    [InlineData("desk,security", null, DeskDimensions.Security)]
    public async Task A_grouping_reads_the_one_dimension_that_has_its_sums(string groupBy, string? trader, DeskDimensions expected)
    {
        var exposure = new GetExposure(Catalogue, Live, new PastDesks(_book), new CurrentPositions(_book, BookGrains.Over(_book)), Market, Limits);
        var answer = await exposure.AskAsync(
            new GetExposureInput(groupBy, null, trader, null, null, null, null, null), Context(Trader), CancellationToken.None);

        Assert.NotEmpty(answer.Rows);
        Assert.Equal(2_500m, answer.Totals.Delta.Amount);
        Assert.Equal(expected, _book.Asked);
    }

    [Fact]
    public async Task One_desk_is_read_with_what_its_caller_may_see()
    {
        var exposure = new DeskExposure(Catalogue, Live, _book, _book, Market, new ExposureAnswerCache(), Limits);

        await exposure.AskAsync(new DeskExposureInput("Rates", null, null, null), Context(Manager), CancellationToken.None);
        Assert.Equal(DeskDimensions.Currency, _book.Asked);

        var seen = await exposure.AskAsync(new DeskExposureInput("Rates", null, null, null), Context(Trader), CancellationToken.None);
        Assert.Equal(DeskDimensions.All, _book.Asked);
        Assert.Single(seen.Exposure.BySecurity!);
    }

    [Fact]
    public async Task Names_of_traders_are_completed_from_traders_alone()
    {
        var names = await new CompleteName(Catalogue, Live, _book).AskAsync(new CompleteNameInput(NameKind.Trader, "T", null), Context(Trader), CancellationToken.None);

        Assert.Equal(["T1"], names.Names);
        Assert.Equal(DeskDimensions.Trader, _book.Asked);
    }

    private static IOptions<UseCaseOptions> Limits => Options.Create(new UseCaseOptions());

    private static MarketData Market => new(Options.Create(new MarketDataOptions()));

    private DeskCatalogue Catalogue => new(_book);

    private LiveFigures Live => new(BookGrains.Over(_book), Limits, TimeProvider.System);

    private CallContext Context(Caller caller) => new("req_1", caller, _book.Now);
}
