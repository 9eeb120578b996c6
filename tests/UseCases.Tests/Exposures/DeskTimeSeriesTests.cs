using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Exposures;

/// <summary>A desk over time is a question about each instant.</summary>
public sealed class DeskTimeSeriesTests : IDeskHistory
{
    private static readonly Caller Ann = new("ann", Role.Viewer, null, Clearance.Desk);

    private readonly Book _book = new();
    private readonly List<DateTimeOffset> _asked = [];

    public DeskTimeSeriesTests() => _book.Put("Rates", "P1", 2_000);

    private DateTimeOffset Born => _book.Now.AddMinutes(-30);

    [Fact]
    public async Task Points_stand_at_the_step_up_to_the_end_and_those_before_all_that_is_kept_are_counted()
    {
        var answer = await AskAsync(new DeskTimeSeriesInput("Rates", null, null, 600));

        Assert.Equal([-30, -20, -10, 0], answer.Points.Select(point => (int)(point.At - _book.Now).TotalMinutes));
        Assert.Equal((3, 600, 7), (answer.NotKept, answer.StepSeconds, _asked.Count));
        Assert.Equal([0m, 600m, 1_200m, 1_800m], answer.Points.Select(point => point.Delta.Amount));
        Assert.All(answer.Points, point => Assert.Equal((true, "no_limit"), (point.Exact, point.UtilisationState)));
    }

    [Fact]
    public async Task Where_no_step_is_given_there_are_sixty()
    {
        var answer = await AskAsync(new DeskTimeSeriesInput("Rates", "2026-05-04T11:00:00Z", "2026-05-04T12:00:00Z", null));

        Assert.Equal(61, answer.Points.Count + answer.NotKept);
    }

    [Theory]
    [InlineData("2026-05-04T11:00:00Z", "2026-05-04T10:00:00Z", null, "from")]
    [InlineData("2026-05-04T11:00:00Z", null, 1, "step_seconds")]
    [InlineData("2026-05-04T11:00:00Z", null, 0, "step_seconds")]
    [InlineData(null, "2027-01-01T00:00:00Z", null, "to")]
    public async Task What_cannot_be_asked_is_refused_with_its_remedy(string? from, string? to, int? step, string field)
    {
        var refused = await Assert.ThrowsAsync<RequestException>(() => AskAsync(new DeskTimeSeriesInput("Rates", from, to, step)));

        Assert.Equal((RequestError.InvalidInput, field), (refused.Code, refused.Details[0].Field));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_desk_of_others_has_no_history() => Assert.Equal(
        RequestError.NotFound,
        (await Assert.ThrowsAsync<RequestException>(() => AskAsync(new DeskTimeSeriesInput("Rates", null, null, null), Ann with { Desks = new HashSet<string> { "FX" } }))).Code);

    /// <summary>The desk grows by one each second.</summary>
    Task<PastDesk?> IDeskHistory.AsOfAsync(string desk, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        lock (_asked)
        {
            _asked.Add(asOf);
        }

        var age = (decimal)(asOf - Born).TotalSeconds;
        return Task.FromResult<PastDesk?>(asOf < Born
            ? new BeforeHistory(new HistoryReach(Born, Born))
            : new PastState(new DeskRisk(desk).ToView(asOf) with { Totals = new Totals(age, 0, 1, 0), Unit = "USD" }, FeedState.Live, asOf, null));
    }

    private Task<DeskHistoryAnswer> AskAsync(DeskTimeSeriesInput input, Caller? caller = null)
    {
        var options = Options.Create(new UseCaseOptions());
        var live = new LiveFigures(BookGrains.Over(_book), options, TimeProvider.System);
        return new DeskTimeSeries(new DeskCatalogue(_book), live, this, options).AskAsync(input, new CallContext("req_1", caller ?? Ann, _book.Now), CancellationToken.None);
    }
}
