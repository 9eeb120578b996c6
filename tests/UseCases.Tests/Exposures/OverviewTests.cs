using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Exposures;

/// <summary>Every desk by every limit, and what is in breach: only of the desks that the caller may see.</summary>
public sealed class OverviewTests
{
    private static readonly Caller All = new("ann", Role.Viewer, null, Clearance.Trader);

    private readonly Book _book = new();

    public OverviewTests()
    {
        _book.Limit("default", 1_000);
        _book.Limit("gross", 4_000, RiskMetric.GrossDelta, desk: "FX", horizon: "overnight");
        _book.Put("Rates", "P1", 2_000);
        _book.Put("FX", "P2", 500, currency: "EUR");
        _book.Put("Credit", "P3", 850);
    }

    [Fact]
    public async Task The_nearest_to_a_limit_comes_first_with_one_use_for_each_measure()
    {
        var answer = await AskAsync(All);

        Assert.Equal(["Rates", "Credit", "FX"], answer.Desks.Select(desk => desk.Desk));
        Assert.Equal([new OverviewMeasure("net_delta", "intraday"), new OverviewMeasure("gross_delta", "overnight")], answer.Measures);
        Assert.All(answer.Desks, desk => Assert.Equal(2, desk.Uses.Count));
        Assert.Equal((0.125m, null), (answer.Desks[2].Uses[1]!.Utilisation, answer.Desks[0].Uses[1]));
        Assert.Equal(("breach", "warning", "ok"), (answer.Desks[0].UtilisationState, answer.Desks[1].UtilisationState, answer.Desks[2].UtilisationState));
        Assert.Equal("Rates", Assert.Single(answer.Breaches).Alert.Desk);
    }

    [Fact]
    public async Task Desks_of_others_are_not_there_and_neither_are_their_breaches()
    {
        var answer = await AskAsync(All with { Desks = new HashSet<string> { "FX" } });

        Assert.Equal("FX", Assert.Single(answer.Desks).Desk);
        Assert.Empty(answer.Breaches);
        Assert.Equal(["FX"], _book.Activated);
    }

    private Task<OverviewAnswer> AskAsync(Caller caller)
    {
        var options = Options.Create(new UseCaseOptions());
        var live = new LiveFigures(BookGrains.Over(_book), options, TimeProvider.System);
        return new RiskOverview(new DeskCatalogue(_book), live, _book, options).AskAsync(new NoInput(), new CallContext("req_1", caller, _book.Now), CancellationToken.None);
    }
}
