using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Limits;

/// <summary>The limit table, or what of it binds one desk.</summary>
public sealed class GetLimits(DeskCatalogue catalogue, LiveFigures live, ILimitStore limits, IOptions<UseCaseOptions> options) : IUseCase<GetLimitsInput, LimitsAnswer>
{
    public const string Tool = "get_limits";

    public static readonly UseCaseInput<GetLimitsInput> Input = new(
        Tool,
        [
            CommonParameters.Desk,
            new("profile", ParameterKind.Text, "only limits of this profile"),
            new("horizon", ParameterKind.Text, "only limits of this horizon"),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new GetLimitsInput(values.Text("desk"), values.Text("profile"), values.Text("horizon"), values.Whole("page_size"), values.Text("cursor")));

    public async Task<LimitsAnswer> AskAsync(GetLimitsInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var pageSize = check.PageSize(input.PageSize);
        if (input.Profile is not null)
        {
            check.Name("profile", input.Profile, options.Value.ProfileNames());
        }

        if (input.Horizon is not null)
        {
            check.Name("horizon", input.Horizon, options.Value.HorizonNames());
        }

        check.Done();
        var cursor = new Cursor(Tool, input.Desk, input.Profile, input.Horizon);
        var after = cursor.Read(input.Cursor, parts: 1)?[0];

        var feed = live.FeedAsync(null, cancellationToken);
        var unreadable = await limits.UnreadableAsync(cancellationToken);
        var table = await limits.ListAsync(cancellationToken);
        // A limit may be set before the desk's first position comes.
        if (input.Desk is { } desk && !table.Any(limit => limit.Scope == LimitScope.Desk && limit.ScopeKey == desk && context.Caller.MaySee(desk)))
        {
            await catalogue.DemandAsync(desk, context.Caller, cancellationToken);
        }

        var matching = table
            .Where(limit => limit.Scope == LimitScope.Default || context.Caller.MaySee(limit.ScopeKey))
            .Where(limit => input.Desk is null || limit.AppliesTo(input.Desk))
            .Where(limit => input.Profile is null || limit.Profile == input.Profile)
            .Where(limit => input.Horizon is null || limit.Horizon == input.Horizon)
            .OrderBy(limit => limit.LimitId, StringComparer.Ordinal)
            .ToList();
        var rest = matching.Where(limit => after is null || string.CompareOrdinal(limit.LimitId, after) > 0).ToList();
        var page = rest.Take(pageSize).ToList();
        var set = new LimitSet(0, AlertingScope.Default, table);
        return new LimitsAnswer(context, With(await feed, unreadable, context), matching.Count, page.Count, rest.Count > pageSize ? cursor.After(page[^1].LimitId) : null)
        {
            Limits = [.. page.Select(limit => LimitRowAnswer.Of(limit, IsEffective(set, limit, input.Desk, context.AsOf)))],
            Hint = matching.Count > 0 ? null
                : input is { Profile: null, Horizon: null } ? "no limit is set, so nothing can be in breach; an administrator sets one with PUT /api/v1/limits/{limit_id}"
                : "no limit of this profile and horizon is set; leave one of them out to see those there are",
        };
    }

    /// <summary>A row that cannot be read is missing from the list, and the list says so.</summary>
    private static FeedStatus With(FeedStatus feed, IReadOnlyList<UnreadableLimit> unreadable, CallContext context)
    {
        var seen = unreadable.Where(limit => limit.Scope == LimitScope.Default || context.Caller.MaySee(limit.ScopeKey)).ToList();
        return seen.Count == 0 ? feed : feed with
        {
            State = feed.State == FeedState.Building ? FeedState.Building : FeedState.Unproven,
            Reasons =
            [
                .. feed.Reasons,
                .. seen.Select(limit => string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"limit '{limit.LimitId}' (version {limit.Version}) cannot be read and is not listed; writing its next version replaces it")),
            ],
        };
    }

    private static bool? IsEffective(LimitSet set, RiskLimit limit, string? desk, DateTimeOffset instant) =>
        desk is null ? null : set.Effective(desk, limit.Metric, limit.Profile, limit.Horizon, instant) == limit;
}

public sealed record GetLimitsInput(string? Desk, string? Profile, string? Horizon, int? PageSize, string? Cursor);
