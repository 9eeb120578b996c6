using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Positions;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Markets;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Exposure summed by desk, trader, security or currency, or pairs of them. A threshold only marks rows; it does not open alerts.</summary>
public sealed class GetExposure(
    DeskCatalogue catalogue, LiveFigures live, PastDesks past, CurrentPositions positions, MarketData market, IOptions<UseCaseOptions> options) : IUseCase<GetExposureInput, ExposuresAnswer>
{
    public const string Tool = "get_exposure";

    private const string ByNetDelta = "net_delta";
    private const string ByGrossDelta = "gross_delta";
    private const string ByName = "name";

    public static readonly IReadOnlyList<string> Orders = [ByNetDelta, ByGrossDelta, ByName];

    public static readonly UseCaseInput<GetExposureInput> Input = new(
        Tool,
        [
            new("group_by", ParameterKind.Text, "", IsRequired: true, Allowed: ExposureGrouping.Names),
            CommonParameters.Desk,
            new("trader_id", ParameterKind.Text, "exact"),
            new("currency", ParameterKind.Text, "only positions in it; nothing is converted"),
            CommonParameters.AsOf,
            CommonParameters.ExcludeDesks,
            new("threshold", ParameterKind.Amount, "marks rows with a larger |delta|"),
            new("order_by", ParameterKind.Text, "largest |figure| first (default net_delta)", Allowed: Orders),
            new("top", ParameterKind.Whole, "so many rows, the rest summed as other; not with page_size or cursor"),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new GetExposureInput(
            values.Demand("group_by"),
            values.Text("desk"),
            values.Text("trader_id"),
            values.Amount("threshold"),
            values.Text("order_by"),
            values.Whole("top"),
            values.Whole("page_size"),
            values.Text("cursor"),
            values.Text("as_of"),
            values.Text("currency"),
            values.Texts(ExcludedDesks.Field)));

    public async Task<ExposuresAnswer> AskAsync(GetExposureInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var grouping = Grouping(input, context, check);
        var order = check.Name("order_by", input.OrderBy, Orders);
        var threshold = check.Amount("threshold", input.Threshold);
        if (threshold < 0)
        {
            check.Refuse("threshold", $"is {input.Threshold}; give 0 or more: rows are marked by the size of their net delta, whatever its sign");
        }

        if (input.Top is < 1 or > InputCheck.MostPageSize)
        {
            check.Refuse("top", string.Create(CultureInfo.InvariantCulture, $"is {input.Top}; give a number from 1 to {InputCheck.MostPageSize}"));
        }

        if (input.Top is not null && (input.PageSize is not null || input.Cursor is not null))
        {
            check.Refuse("top", "does not go with page_size and cursor: it gives the first rows and sums up the others, they give all rows in pages");
        }

        var pageSize = input.Top ?? check.PageSize(input.PageSize);
        var asOf = input.AsOf is null ? null : check.Past("as_of", input.AsOf, options.Value.BusinessZone!, context.AsOf);
        if (asOf is not null && grouping is { BySecurity: true } && (grouping.ByTrader || input.TraderId is not null))
        {
            check.Refuse("as_of", "does not go with trader and security together: sums of the past are kept by each of them; ask for one");
        }

        if (input.Currency is { } code && !MarketDocument.IsCurrency(code))
        {
            check.Refuse("currency", $"is '{code}'; give a code of three capital letters, such as USD");
        }

        ExcludedDesks.Check(check, input.Desk, input.ExcludeDesks);
        check.Done();

        var cursor = new Cursor(Tool, grouping!.Name, order, input.Desk, input.TraderId, input.AsOf, input.Currency, ExcludedDesks.Key(input.ExcludeDesks));
        var after = AfterOf(cursor.Read(input.Cursor, parts: 5));
        if (input.Desk is not null)
        {
            await catalogue.DemandAsync(input.Desk, context.Caller, cancellationToken);
        }

        IReadOnlyList<string> desks = input.Desk is { } only
            ? [only]
            : await catalogue.ExceptAsync(await catalogue.DesksAsync(context.Caller, cancellationToken), input.ExcludeDesks, context, cancellationToken);
        var feed = live.FeedAsync(input.Desk, cancellationToken);
        var then = asOf is { } instant ? await past.AsOfAsync(desks, instant, cancellationToken) : null;
        context = then is null ? context : context with { AsOf = then.Basis.AsOf };
        var (cells, rowsAsOf, missing, doubts) = then is null
            ? await CellsAsync(desks, grouping, input.TraderId, cancellationToken)
            : new ExposureCells(desks.Where(then.ByDesk.ContainsKey).SelectMany(desk => Cells(then.ByDesk[desk], grouping, input.TraderId)), null, [], []);
        var groups = grouping.Group(cells.Where(cell => input.Currency is null || cell.Currency == input.Currency));

        var ranked = groups
            .Select(group => (Group: group, Figure: FigureOf(group, order)))
            .OrderByDescending(row => row.Figure)
            .ThenBy(row => row.Group.Key)
            .Where(row => after is not { } last || row.Figure < last.Figure || (row.Figure == last.Figure && row.Group.Key.CompareTo(last.Key) > 0))
            .ToList();
        var page = ranked.Take(pageSize).ToList();
        var rest = ranked.Skip(pageSize).Select(row => row.Group).ToList();
        var next = rest.Count == 0 || input.Top is not null ? null : CursorAfter(cursor, page[^1].Figure, page[^1].Group.Key);

        // Prices and rates of the past are not kept.
        var view = then is null ? market.View(context.AsOf) : null;
        var all = Sum(groups);
        return new ExposuresAnswer(context, then?.Feed ?? LiveFigures.With(await feed, doubts), groups.Count, page.Count, next)
        {
            GroupBy = grouping.Name,
            OrderBy = order,
            History = then?.Basis,
            Threshold = threshold is { } most ? (Money?)most : null,
            RowsAsOf = rowsAsOf,
            Totals = all.Figures(),
            Rows = [.. page.Select(row => row.Group.Row(threshold, view))],
            Other = input.Top is null ? null : Sum(rest).Figures(),
            Truncated = rest.Count > 0,
            UnavailableDesks = UnavailableDeskAnswer.Of(missing),
            Reporting = view is null ? null : ReportingAnswer.Of(view, view.Convert(all.Parts), null, context.Caller.SeesBelowDesk, context.AsOf),
            Withheld = context.Caller.SeesBelowDesk ? [] : ["group_by trader", "group_by security", "filter trader_id"],
            Hint = groups.Count > 0 ? null
                : missing.Count > 0 ? "the desks asked for cannot be read just now; see unavailable_desks"
                : input.TraderId is not null ? $"no position of trader '{input.TraderId}' is held by {(input.Desk is null ? "the desks you may see" : "this desk")}; names are compared exactly: leave trader_id out, grouped by trader, to see those there are"
                : desks.Count == 0 ? DeskCatalogue.NoDesksHint(context.Caller)
                : "no positions are held: they were all closed, or none has come yet (see feed)",
        };
    }

    private static ExposureGrouping? Grouping(GetExposureInput input, CallContext context, InputCheck check)
    {
        var seesBelowDesk = context.Caller.SeesBelowDesk;
        var allowed = seesBelowDesk ? ExposureGrouping.Names : ExposureGrouping.DeskLevel;
        var grouping = ExposureGrouping.Parse(input.GroupBy);
        if (grouping is null)
        {
            check.Refuse("group_by", $"is '{input.GroupBy}'; give one of {string.Join(" | ", allowed)}", allowed);
        }
        else if (!seesBelowDesk && (grouping.IsBelowDesk || input.TraderId is not null))
        {
            throw new RequestException(
                RequestError.Forbidden,
                $"traders and securities need the clearance trader; you may group by {string.Join(" | ", allowed)}, without trader_id",
                [new InputProblem(grouping.IsBelowDesk ? "group_by" : "trader_id", "needs the clearance trader", grouping.IsBelowDesk ? allowed : null)]);
        }

        return grouping;
    }

    /// <summary>Reads the sums that desks keep; only trader and security together need the positions.</summary>
    private async Task<ExposureCells> CellsAsync(
        IReadOnlyList<string> desks, ExposureGrouping grouping, string? traderId, CancellationToken cancellationToken)
    {
        if (grouping.BySecurity && (grouping.ByTrader || traderId is not null))
        {
            return await positions.CellsAsync(new PositionFilter(Desks: desks, TraderId: traderId), cancellationToken);
        }

        var deskViews = await live.DeskViewsAsync(desks, DimensionOf(grouping, traderId), cancellationToken);
        var cells = desks.Select(deskViews.Of).OfType<DeskView>().SelectMany(deskView => Cells(deskView, grouping, traderId));
        return new ExposureCells(cells, null, deskViews.Missing, [.. deskViews.Doubts]);
    }

    /// <summary>The one dimension that has the sums. Each is split by currency.</summary>
    private static DeskDimensions DimensionOf(ExposureGrouping grouping, string? traderId) =>
        grouping.ByTrader || traderId is not null ? DeskDimensions.Trader
        : grouping.BySecurity ? DeskDimensions.Security
        : DeskDimensions.Currency;

    private static IEnumerable<ExposureCell> Cells(DeskView deskView, ExposureGrouping grouping, string? traderId) => DimensionOf(grouping, traderId) switch
    {
        DeskDimensions.Trader => deskView.Breakdown.Traders
            .Where(leaf => traderId is null || leaf.Key == traderId)
            .Select(leaf => new ExposureCell(deskView.Desk, leaf.Key, null, leaf.Currency, leaf.Totals)),
        DeskDimensions.Security => deskView.Breakdown.Securities.Select(leaf => new ExposureCell(deskView.Desk, null, leaf.Key, leaf.Currency, leaf.Totals)),
        _ => deskView.Breakdown.Currencies.Select(leaf => new ExposureCell(deskView.Desk, null, null, leaf.Currency, leaf.Totals)),
    };

    private static ExposureGroup Sum(IReadOnlyList<ExposureGroup> groups) => new(
        new ExposureKey(null, null, null, null),
        [
            .. groups.SelectMany(group => group.Parts)
                .GroupBy(part => part.Currency, part => part.Totals)
                .Select(currency => (currency.Key, currency.Aggregate((a, b) => a + b))),
        ]);

    private static decimal FigureOf(ExposureGroup group, string order) => order switch
    {
        ByNetDelta => Math.Abs(group.Totals.Net),
        ByGrossDelta => group.Totals.Gross,
        _ => 0,
    };

    private static string CursorAfter(Cursor cursor, decimal figure, ExposureKey key) => cursor.After(
        figure.ToString(CultureInfo.InvariantCulture), key.Desk ?? "", key.TraderId ?? "", key.SecurityId ?? "", key.Currency ?? "");

    private static (decimal Figure, ExposureKey Key)? AfterOf(string[]? key) => key is null ? null
        : decimal.TryParse(key[0], CultureInfo.InvariantCulture, out var figure) ? (figure, new ExposureKey(Part(key[1]), Part(key[2]), Part(key[3]), Part(key[4])))
        : throw Cursor.Wrong();

    private static string? Part(string text) => text.Length == 0 ? null : text;
}

/// <param name="Threshold">An amount; rows with a larger |net delta| are marked.</param>
/// <param name="Top">The number of rows; the other groups are summed in one row.</param>
/// <param name="AsOf">Null: now.</param>
/// <param name="Currency">Only positions in this currency; nothing is converted.</param>
/// <param name="ExcludeDesks">Desks to exclude.</param>
public sealed record GetExposureInput(
    string GroupBy,
    string? Desk,
    string? TraderId,
    string? Threshold,
    string? OrderBy,
    int? Top,
    int? PageSize,
    string? Cursor,
    string? AsOf = null,
    string? Currency = null,
    IReadOnlyList<string>? ExcludeDesks = null);
