using System.Globalization;
using RiskMonitor.Risk.Positions;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Markets;

namespace RiskMonitor.UseCases.Positions;

/// <summary>Positions, by desk and id.</summary>
public sealed class QueryPositions(DeskCatalogue catalogue, LiveFigures live, CurrentPositions positions) : IUseCase<QueryPositionsInput, PositionsAnswer>
{
    public const string Tool = "query_positions";

    public static readonly UseCaseInput<QueryPositionsInput> Input = new(
        Tool,
        [
            CommonParameters.Desk,
            new("trader_id", ParameterKind.Text, "exact"),
            new("security_id", ParameterKind.Text, "exact"),
            new("currency", ParameterKind.Text, "ISO 4217"),
            new("entry_date_from", ParameterKind.Text, "that day or later, YYYY-MM-DD"),
            new("entry_date_to", ParameterKind.Text, "that day or earlier"),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new QueryPositionsInput(
            values.Text("desk"),
            values.Text("trader_id"),
            values.Text("security_id"),
            values.Text("currency"),
            values.Text("entry_date_from"),
            values.Text("entry_date_to"),
            values.Whole("page_size"),
            values.Text("cursor")));

    public async Task<PositionsAnswer> AskAsync(QueryPositionsInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var from = check.Date("entry_date_from", input.EntryDateFrom);
        var to = check.Date("entry_date_to", input.EntryDateTo);
        if (to < from)
        {
            check.Refuse("entry_date_to", $"is before entry_date_from; both days are included");
        }

        if (input.Currency is { } currency && !MarketDocument.IsCurrency(currency))
        {
            check.Refuse("currency", $"is '{currency}'; give a code of three capital letters, such as USD");
        }

        var pageSize = check.PageSize(input.PageSize);
        check.Done();

        var cursor = new Cursor(Tool, input.Desk, input.TraderId, input.SecurityId, input.Currency, input.EntryDateFrom, input.EntryDateTo);
        var after = cursor.Read(input.Cursor, parts: 2) is [var lastDesk, var lastPosition] ? new PositionCursor(lastDesk, lastPosition) : null;
        if (input.Desk is not null)
        {
            await catalogue.DemandAsync(input.Desk, context.Caller, cancellationToken);
        }

        IReadOnlyList<string> desks = input.Desk is { } only ? [only] : await catalogue.DesksAsync(context.Caller, cancellationToken);
        var feed = live.FeedAsync(input.Desk, cancellationToken);
        var filter = new PositionFilter(desks, input.TraderId, input.SecurityId, input.Currency, from, to);
        var (page, missing) = await positions.ListAsync(filter, after, pageSize, cancellationToken);
        return new PositionsAnswer(context, LiveFigures.With(await feed, missing), page.Total, page.Positions.Count, page.Next is { } next ? cursor.After(next.Desk, next.PositionId) : null)
        {
            Positions = [.. page.Positions.Select(PositionAnswer.Of)],
            RowsAsOf = page.FoldedThrough,
            UnavailableDesks = UnavailableDeskAnswer.Of(missing),
            Hint = page.Total > 0 ? null : missing.Count > 0 ? "the desks asked for cannot be read just now; see unavailable_desks" : desks.Count == 0 ? DeskCatalogue.NoDesksHint(context.Caller) : Hint(input),
        };
    }

    private static string Hint(QueryPositionsInput input)
    {
        (string Name, string? Value)[] filters =
        [
            ("desk", input.Desk), ("trader_id", input.TraderId), ("security_id", input.SecurityId), ("currency", input.Currency),
            ("entry_date_from", input.EntryDateFrom), ("entry_date_to", input.EntryDateTo),
        ];
        var given = filters.Where(filter => filter.Value is not null).Select(filter => string.Create(CultureInfo.InvariantCulture, $"{filter.Name}='{filter.Value}'")).ToList();
        return given.Count == 0
            ? "no positions are held: they were all closed, or none has come yet (see feed)"
            : $"no position you may see has {string.Join(" and ", given)}; names are compared exactly: leave one out, or group get_exposure by it to see the values there are";
    }
}

/// <param name="EntryDateFrom">That day or later.</param>
/// <param name="EntryDateTo">That day or earlier.</param>
public sealed record QueryPositionsInput(
    string? Desk, string? TraderId, string? SecurityId, string? Currency, string? EntryDateFrom, string? EntryDateTo, int? PageSize, string? Cursor);
