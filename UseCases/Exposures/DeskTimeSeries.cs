using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>A desk's figures between two times at a step, each read out of its journal as a question about that instant would be.</summary>
public sealed class DeskTimeSeries(DeskCatalogue catalogue, LiveFigures live, IDeskHistory history, IOptions<UseCaseOptions> options) : IUseCase<DeskTimeSeriesInput, DeskHistoryAnswer>
{
    public const string Tool = "desk_history";

    /// <summary>Each point is a read of the journal, within the timeout of the call.</summary>
    public const int MostPoints = 200;

    private const int UsualPoints = 60;
    private const int PointsAtATime = 2;

    private static readonly TimeSpan s_usualSpan = TimeSpan.FromHours(1);

    public static readonly UseCaseInput<DeskTimeSeriesInput> Input = new(
        Tool,
        [
            new("desk", ParameterKind.Text, "exact name, as list_desks gives it", IsRequired: true),
            new("from", ParameterKind.Text, "RFC 3339 with zone, or a date (its close); default an hour before to"),
            new("to", ParameterKind.Text, "the same; default now"),
            new("step_seconds", ParameterKind.Whole, $"seconds from one point to the next, at most {MostPoints} points; default a sixtieth of the time"),
            new("horizon", ParameterKind.Text, "chooses limits; figures are not rescaled"),
            new("limit_profile", ParameterKind.Text, "chooses limits"),
        ],
        values => new DeskTimeSeriesInput(
            values.Demand("desk"), values.Text("from"), values.Text("to"), values.Whole("step_seconds"), values.Text("horizon"), values.Text("limit_profile")));

    public async Task<DeskHistoryAnswer> AskAsync(DeskTimeSeriesInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var zone = options.Value.BusinessZone!;
        var to = (input.To is null ? null : check.Past("to", input.To, zone, context.AsOf)) ?? context.AsOf;
        var from = (input.From is null ? null : check.Past("from", input.From, zone, context.AsOf)) ?? to - s_usualSpan;
        var step = StepOf(check, input.StepSeconds, from, to);
        var profile = check.Name("limit_profile", input.LimitProfile, options.Value.ProfileNames());
        var horizon = check.Name("horizon", input.Horizon, options.Value.HorizonNames());
        check.Done();
        await catalogue.DemandAsync(input.Desk, context.Caller, cancellationToken);

        var feed = live.FeedAsync(input.Desk, cancellationToken);
        var (points, notKept) = (new List<HistoryPoint>(), 0);
        foreach (var instants in Instants(from, to, step).Chunk(PointsAtATime))
        {
            var found = await Task.WhenAll(instants.Select(instant => history.AsOfAsync(input.Desk, instant, cancellationToken)));
            for (var i = 0; i < instants.Length; i++)
            {
                if (found[i] is PastState state)
                {
                    points.Add(Point(state, instants[i], profile, horizon));
                }
                else
                {
                    notKept++;
                }
            }
        }

        return new DeskHistoryAnswer(context, await feed)
        {
            Desk = input.Desk,
            From = from,
            To = to,
            StepSeconds = (int)step.TotalSeconds,
            LimitProfile = profile,
            Horizon = horizon,
            Points = points,
            NotKept = notKept,
        };
    }

    private static TimeSpan StepOf(InputCheck check, int? seconds, DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
        {
            check.Refuse("from", "is not before to; give the earlier time as from");
            return TimeSpan.FromSeconds(1);
        }

        var step = TimeSpan.FromSeconds(seconds ?? Math.Max(1, Math.Ceiling((to - from).TotalSeconds / UsualPoints)));
        if (step <= TimeSpan.Zero || (to - from) / step > MostPoints - 1)
        {
            check.Refuse("step_seconds", string.Create(
                CultureInfo.InvariantCulture,
                $"is {seconds}; give at least {Math.Ceiling((to - from).TotalSeconds / (MostPoints - 1))} for this time: at most {MostPoints} points are read at once"));
            return TimeSpan.FromSeconds(1);
        }

        return step;
    }

    /// <summary>From the end backwards, so that the last point is the end itself.</summary>
    private static IEnumerable<DateTimeOffset> Instants(DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var count = (int)((to - from) / step);
        for (var i = count; i >= 0; i--)
        {
            yield return to - (step * i);
        }
    }

    private static HistoryPoint Point(PastState state, DateTimeOffset at, string profile, string horizon)
    {
        var uses = LimitUse.Of(state.View, profile, horizon, at);
        return new HistoryPoint(state.View.Totals, state.View.Unit)
        {
            At = at,
            Exact = state.IsExact,
            Threshold = uses.Single(use => use.Metric == RiskMetric.NetDelta).Limit is { } limit ? (Money)limit.Threshold : null,
            HighestUtilisation = Figures.Ratio(uses.Max(use => use.Utilisation.Ratio)),
            UtilisationState = LimitUse.Worst(uses).Name(),
            OpenBreaches = state.View.OpenEpisodes.Count,
        };
    }
}

/// <param name="From">Null: an hour before the end.</param>
/// <param name="To">Null: now.</param>
/// <param name="StepSeconds">Null: sixty points.</param>
public sealed record DeskTimeSeriesInput(string Desk, string? From, string? To, int? StepSeconds, string? Horizon = null, string? LimitProfile = null);
