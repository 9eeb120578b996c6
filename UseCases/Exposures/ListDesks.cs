using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Lists the desks that the caller may see, or those of them that meet a filter, with exposure and utilisation, now or at a past instant.</summary>
public sealed class ListDesks(DeskCatalogue catalogue, LiveFigures live, PastDesks past, IOptions<UseCaseOptions> options) : IUseCase<ListDesksInput, DesksAnswer>
{
    public const string Tool = "list_desks";

    public const string ByUtilisation = "utilisation";

    /// <summary>The sort key of a desk without figures, which comes last.</summary>
    private const decimal LastFigure = -2;

    private const string ByName = "name";
    private const string ByNetDelta = "net_delta";

    public static readonly IReadOnlyList<string> Orders = [ByName, ByUtilisation, ByNetDelta];

    public static readonly UseCaseInput<ListDesksInput> Input = new(
        Tool,
        [
            new("order_by", ParameterKind.Text, "largest first; names ascending (default)", Allowed: Orders),
            CommonParameters.AsOf,
            new("filter", ParameterKind.Text, "such as: net_delta > 3000000 and unit = USD and in_breach = false; fields net_delta (its size), delta, gross_delta, long_delta, short_delta, utilisation (0.8 = 80%), open_breaches, utilisation_state"),
            CommonParameters.ExcludeDesks,
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new ListDesksInput(
            values.Text("order_by"), values.Whole("page_size"), values.Text("cursor"), values.Text("as_of"), values.Text("filter"), values.Texts(ExcludedDesks.Field)));

    public async Task<DesksAnswer> AskAsync(ListDesksInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var order = check.Name("order_by", input.OrderBy, Orders);
        var pageSize = check.PageSize(input.PageSize);
        var asOf = input.AsOf is null ? null : check.Past("as_of", input.AsOf, options.Value.BusinessZone!, context.AsOf);
        var filter = DeskFilter.Read(check, input.Filter);
        check.Done();
        var cursor = new Cursor(Tool, order, input.AsOf, input.Filter, ExcludedDesks.Key(input.ExcludeDesks));
        var after = AfterOf(cursor.Read(input.Cursor, parts: 2));

        var desks = await catalogue.ExceptAsync(await catalogue.DesksAsync(context.Caller, cancellationToken), input.ExcludeDesks, context, cancellationToken);
        var feed = live.FeedAsync(null, cancellationToken);
        var then = asOf is { } instant ? await past.AsOfAsync(desks, instant, cancellationToken) : null;
        context = then is null ? context : context with { AsOf = then.Basis.AsOf };

        // In the order of names a page needs only its own desks' figures; other orders and conditions need all.
        var candidates = then is not null ? [.. desks.Where(then.ByDesk.ContainsKey)]
            : order == ByName && filter is null ? desks.Where(desk => IsAfter(new Rank(0, desk), after)).Take(pageSize + 1).ToList()
            : desks;
        var summaries = then is not null
            ? new DeskReadings<DeskSummary>(then.ByDesk.ToDictionary(entry => entry.Key, DeskSummary (entry) => entry.Value, StringComparer.Ordinal), [])
            : await live.SummariesAsync(candidates, cancellationToken);
        // A desk that cannot be read has no figures: it meets no condition, and is named beside the rows.
        var matching = candidates
            .Select(desk => (Desk: desk, Row: summaries.Of(desk) is { } summary ? Row(summary, context.AsOf) : null))
            .Where(entry => filter is null || (entry.Row is not null && filter.Holds(entry.Row)))
            .ToList();
        var total = filter is not null ? matching.Count : then?.ByDesk.Count ?? desks.Count;
        var rows = matching
            .Select(entry => (entry.Row, Rank: entry.Row is null ? new Rank(order == ByName ? 0 : LastFigure, entry.Desk) : RankOf(entry.Row, order)))
            .Where(ranked => IsAfter(ranked.Rank, after))
            .OrderByDescending(ranked => ranked.Rank.Figure)
            .ThenBy(ranked => ranked.Rank.Desk, StringComparer.Ordinal)
            .Take(pageSize + 1)
            .ToList();
        var page = rows.Take(pageSize).ToList();
        var next = rows.Count <= pageSize ? null : cursor.After(page[^1].Rank.Figure.ToString(CultureInfo.InvariantCulture), page[^1].Rank.Desk);
        var listed = page.Select(ranked => ranked.Row).OfType<DeskAnswer>().ToList();
        return new DesksAnswer(context, then?.Feed ?? LiveFigures.With(await feed, [.. summaries.Doubts]), total, listed.Count, next)
        {
            OrderBy = order,
            History = then?.Basis,
            Desks = listed,
            UnavailableDesks = UnavailableDeskAnswer.Of(summaries.Missing),
            Hint = total > 0 ? null
                : filter is not null && desks.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"none of {desks.Count} desks meets the filter; leave it out to see them")
                : input.ExcludeDesks is not null ? "every desk that you may see is left out"
                : DeskCatalogue.NoDesksHint(context.Caller),
        };
    }

    private DeskAnswer Row(DeskSummary desk, DateTimeOffset instant)
    {
        var uses = LimitUse.Of(desk, options.Value.ProfileNames()[0], options.Value.HorizonNames()[0], instant);
        var net = uses.Single(use => use.Metric == RiskMetric.NetDelta);
        return new DeskAnswer(desk.Totals, desk.Unit)
        {
            Desk = desk.Desk,
            Building = desk.IsBuilding,
            Threshold = net.Limit is { } limit ? (Money)limit.Threshold : null,
            Utilisation = Figures.Ratio(net.Utilisation.Ratio),
            HighestUtilisation = Figures.Ratio(uses.Max(use => use.Utilisation.Ratio)),
            UtilisationState = LimitUse.Worst(uses).Name(),
            OpenBreaches = desk.OpenEpisodes.Count,
        };
    }

    /// <summary>The largest figure comes first, equals by name.</summary>
    private static Rank RankOf(DeskAnswer row, string order) => new(
        order switch
        {
            ByNetDelta => Math.Abs(row.Delta.Amount),
            // A breach of a limit of 0 has no ratio and is worse than any that has.
            ByUtilisation => row.UtilisationState == UtilisationState.Breach.Name() && row.HighestUtilisation is null or <= 1
                ? decimal.MaxValue
                : row.HighestUtilisation ?? -1,
            _ => 0,
        },
        row.Desk);

    private static bool IsAfter(Rank rank, Rank? last) => last is not { } end
        || rank.Figure < end.Figure
        || (rank.Figure == end.Figure && string.CompareOrdinal(rank.Desk, end.Desk) > 0);

    private static Rank? AfterOf(string[]? key) => key is null ? null
        : decimal.TryParse(key[0], CultureInfo.InvariantCulture, out var figure) ? new Rank(figure, key[1])
        : throw Cursor.Wrong();

    private readonly record struct Rank(decimal Figure, string Desk);
}

/// <param name="AsOf">Null: now.</param>
/// <param name="Filter">Conditions, see <see cref="DeskFilter"/>.</param>
/// <param name="ExcludeDesks">Desks to exclude.</param>
public sealed record ListDesksInput(
    string? OrderBy, int? PageSize, string? Cursor, string? AsOf = null, string? Filter = null, IReadOnlyList<string>? ExcludeDesks = null);
