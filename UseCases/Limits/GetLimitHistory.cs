using System.Globalization;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Limits;

/// <summary>Who changed which limit when, and why: every version, newest first.</summary>
public sealed class GetLimitHistory(DeskCatalogue catalogue, LiveFigures live, ILimitStore limits) : IUseCase<GetLimitHistoryInput, LimitHistoryAnswer>
{
    public const string Tool = "get_limit_history";

    public static readonly UseCaseInput<GetLimitHistoryInput> Input = new(
        Tool,
        [
            new("desk", ParameterKind.Text, "only limits that may bind this desk, the default ones included"),
            new("limit_id", ParameterKind.Text, "only this limit"),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new GetLimitHistoryInput(values.Text("desk"), values.Text("limit_id"), values.Whole("page_size"), values.Text("cursor")));

    public async Task<LimitHistoryAnswer> AskAsync(GetLimitHistoryInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var pageSize = check.PageSize(input.PageSize);
        check.Done();
        var cursor = new Cursor(Tool, input.Desk, input.LimitId);
        var after = AfterOf(cursor.Read(input.Cursor, parts: 3));
        var page = await limits.HistoryAsync(new LimitHistoryFilter(input.LimitId, input.Desk, context.Caller.Desks), after, pageSize, cancellationToken);
        // Limits of a desk without positions, or of one that is gone, have a history, too.
        if (input.Desk is { } desk && !page.Versions.Any(version => version.Limit.ScopeKey == desk && context.Caller.MaySee(desk)))
        {
            await catalogue.DemandAsync(desk, context.Caller, cancellationToken);
        }

        return new LimitHistoryAnswer(
            context,
            await live.FeedAsync(null, cancellationToken),
            page.Total,
            page.Versions.Count,
            page.Next is { } next ? cursor.After(next.ChangedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), next.LimitId, next.Version.ToString(CultureInfo.InvariantCulture)) : null)
        {
            Versions = [.. page.Versions.Select(version => new LimitVersionAnswer(version.ChangedAt, version.Removed, LimitRowAnswer.Of(version.Limit, effective: null)))],
            Hint = page.Total > 0 ? null : "no limit was ever set that these filters match and you may see; leave one out",
        };
    }

    private static LimitHistoryCursor? AfterOf(string[]? key) => key is null ? null
        : long.TryParse(key[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && int.TryParse(key[2], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new LimitHistoryCursor(new DateTimeOffset(ticks, TimeSpan.Zero), key[1], version)
            : throw Cursor.Wrong();
}

/// <param name="Desk">Null: of all desks.</param>
/// <param name="LimitId">Null: of all limits.</param>
public sealed record GetLimitHistoryInput(string? Desk, string? LimitId, int? PageSize, string? Cursor);
