using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Markets;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Access;

public sealed class ScopeTests
{
    private static readonly Caller Restricted = new("ann", Role.Viewer, new HashSet<string> { "Rates" }, Clearance.Desk);

    private readonly Book _book = new();

    public ScopeTests()
    {
        _book.Limit("default", 1_000);
        _book.Limit("of FX", 500, desk: "FX");
        _book.Put("Rates", "P1", 2_000);
        _book.Put("FX", "P2", 2_000);
    }

    [Fact]
    public async Task Data_below_the_desk_is_withheld_and_listed_as_withheld()
    {
        var answer = await Exposure.AskAsync(new DeskExposureInput("Rates", null, null, null), Context, CancellationToken.None);

        Assert.Null(answer.Exposure.ByTrader);
        Assert.Null(answer.Exposure.BySecurity);
        Assert.NotEmpty(answer.Exposure.ByCurrency);
        Assert.Contains("exposure.by_trader", answer.Withheld);
        Assert.False(Assert.Single(answer.Alerts).View.Drivers);
    }

    [Fact]
    public async Task A_desk_that_the_caller_may_not_see_does_not_exist()
    {
        var refused = await Assert.ThrowsAsync<RequestException>(() =>
            Exposure.AskAsync(new DeskExposureInput("FX", null, null, null), Context, CancellationToken.None));

        Assert.Equal(RequestError.NotFound, refused.Code);
        Assert.DoesNotContain("FX", refused.Details.Single().Allowed!);
    }

    [Fact]
    public async Task Lists_contain_only_desks_that_the_caller_may_see()
    {
        var desks = await new ListDesks(Catalogue, Live, new PastDesks(_book), Options).AskAsync(new ListDesksInput(null, null, null), Context, CancellationToken.None);
        var alerts = await new QueryAlerts(Catalogue, Live, _book).AskAsync(
            new QueryAlertsInput(null, null, null, null, null, null, null, null, null, null), Context, CancellationToken.None);
        var limits = await new GetLimits(Catalogue, Live, _book, Options).AskAsync(new GetLimitsInput(null, null, null, null, null), Context, CancellationToken.None);

        Assert.Equal("Rates", Assert.Single(desks.Desks).Desk);
        Assert.Equal("Rates", Assert.Single(alerts.Alerts).Alert.Desk);
        Assert.Equal("default", Assert.Single(limits.Limits).LimitId);
    }

    [Fact]
    public async Task An_alert_of_another_desk_does_not_exist_and_a_viewer_acknowledges_nothing()
    {
        var hidden = await Assert.ThrowsAsync<RequestException>(() =>
            new GetAlert(Live, _book).AskAsync(_book.AlertOf("FX").ToString("D"), Context, CancellationToken.None));
        var forbidden = Assert.Throws<RequestException>(() => Right.Demand(AckAlert.Tool, Restricted));

        Assert.Equal(RequestError.NotFound, hidden.Code);
        Assert.Equal(RequestError.Forbidden, forbidden.Code);
    }

    private static IOptions<UseCaseOptions> Options => Microsoft.Extensions.Options.Options.Create(new UseCaseOptions());

    private DeskExposure Exposure => new(Catalogue, Live, _book, _book, new MarketData(Microsoft.Extensions.Options.Options.Create(new MarketDataOptions())), new ExposureAnswerCache(), Options);

    private DeskCatalogue Catalogue => new(_book);

    private LiveFigures Live => new(BookGrains.Over(_book), Options, TimeProvider.System);

    private CallContext Context => new("req_1", Restricted, _book.Now);
}
