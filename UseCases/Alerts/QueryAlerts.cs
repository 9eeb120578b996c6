using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>Alerts, newest first.</summary>
public sealed class QueryAlerts(DeskCatalogue catalogue, LiveFigures live, IAlertQueries alerts) : IUseCase<QueryAlertsInput, AlertsAnswer>
{
    public const string Tool = "query_alerts";

    public static readonly IReadOnlyList<string> Severities = [.. Enum.GetValues<Severity>().Select(severity => severity.Name())];
    public static readonly IReadOnlyList<string> Statuses = [.. AlertNames.Statuses.Select(status => status.Name())];
    public static readonly IReadOnlyList<string> BreachStates = ["open", "cured"];

    public static readonly UseCaseInput<QueryAlertsInput> Input = new(
        Tool,
        [
            new("request_id", ParameterKind.Text, "of one alert"),
            CommonParameters.Desk,
            CommonParameters.ExcludeDesks,
            new("severity", ParameterKind.Text, "", Allowed: Severities),
            new("status", ParameterKind.Text, "", Allowed: Statuses),
            new("breach_state", ParameterKind.Text, "", Allowed: BreachStates),
            new("opened_from", ParameterKind.Text, "at or after, RFC 3339 with zone"),
            new("opened_to", ParameterKind.Text, "before"),
            new("include_transient", ParameterKind.Flag, "also breaches that began and ended inside one database transaction"),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new QueryAlertsInput(
            values.Text("request_id"),
            values.Text("desk"),
            values.Text("severity"),
            values.Text("status"),
            values.Text("breach_state"),
            values.Text("opened_from"),
            values.Text("opened_to"),
            values.Flag("include_transient"),
            values.Whole("page_size"),
            values.Text("cursor"),
            values.Texts(ExcludedDesks.Field)));

    public async Task<AlertsAnswer> AskAsync(QueryAlertsInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        ExcludedDesks.Check(check, input.Desk, input.ExcludeDesks);
        var filter = new AlertFilter(
            input.RequestId,
            input.Desk is null ? context.Caller.Desks?.ToList() : [input.Desk],
            check.Choice("severity", input.Severity, Severities, Risk.Limits.Severities.Parse),
            check.Choice("status", input.Status, Statuses, AlertNames.ParseStatus),
            check.Choice<bool>("breach_state", input.BreachState, BreachStates, text => text switch
            {
                "open" => true,
                "cured" => false,
                _ => null,
            }),
            check.Instant("opened_from", input.OpenedFrom),
            check.Instant("opened_to", input.OpenedTo),
            input.IncludeTransient ?? false);
        if (filter.OpenedTo <= filter.OpenedFrom)
        {
            check.Refuse("opened_to", $"is not after opened_from; alerts opened at or after opened_from and before opened_to are listed");
        }

        var pageSize = check.PageSize(input.PageSize);
        check.Done();
        if (input.ExcludeDesks is { Count: > 0 } leftOut)
        {
            filter = filter with { Desks = await catalogue.ExceptAsync(await catalogue.DesksAsync(context.Caller, cancellationToken), leftOut, context, cancellationToken) };
        }

        var cursor = CursorOf(filter);
        var after = AfterOf(cursor.Read(input.Cursor, parts: 2));
        if (input.Desk is not null)
        {
            await catalogue.DemandAsync(input.Desk, context.Caller, cancellationToken);
        }

        var feed = live.FeedAsync(input.Desk, cancellationToken);
        var page = await alerts.ListAsync(filter, after, pageSize, cancellationToken);
        // What a cured breach's figure is now is not worth waking its desk for.
        var summaries = await live.SummariesAsync(page.Alerts.Where(alert => alert.Episode.IsOpen).Select(alert => alert.Desk), cancellationToken);
        var view = context.Caller.AlertView;
        return new AlertsAnswer(
            context,
            LiveFigures.With(await feed, [.. page.Unreadable.GroupBy(desk => desk).Select(Damaged)]),
            page.Total,
            page.Alerts.Count,
            page.Next is { } next ? cursor.After(next.OpenedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), next.AlertId.ToString("D")) : null)
        {
            Alerts =
            [
                .. page.Alerts.Select(alert => alert.Episode.IsOpen && summaries.Of(alert.Desk) is { } summary
                    ? LiveFigures.AlertOf(summary, alert, view)
                    : new AlertAnswer(alert, view, null)),
            ],
            Withheld = AlertAnswer.Withheld(view, "alerts"),
            Hint = page.Total > 0 ? null : await HintAsync(filter, cancellationToken),
        };
    }

    private static DeskDoubt Damaged(IGrouping<string, string> alerts) => new(
        alerts.Key, string.Create(CultureInfo.InvariantCulture, $"{alerts.Count()} of its stored alerts cannot be read and are not on this page"));

    private async Task<string> HintAsync(AlertFilter filter, CancellationToken cancellationToken)
    {
        var all = (await alerts.ListAsync(new AlertFilter(Desks: filter.Desks, IncludeTransient: true), null, 1, cancellationToken)).Total;
        return all == 0
            ? $"no alert was ever raised for {(filter.Desks is [var only] ? $"'{only}'" : "the desks you may see")}: no alerting limit was crossed, or none is set (get_limits tells)"
            : string.Create(CultureInfo.InvariantCulture, $"none of the {all} alerts of {(filter.Desks is [var one] ? $"'{one}'" : "the desks you may see")} matches these filters; leave one out, or set include_transient to see those that opened and ended inside one transaction");
    }

    private static Cursor CursorOf(AlertFilter filter) => new(
        Tool,
        filter.RequestId,
        filter.Desks is null ? null : string.Join('\0', filter.Desks.Order(StringComparer.Ordinal)),
        filter.Severity?.Name(),
        filter.Status?.Name(),
        filter.BreachOpen?.ToString(),
        filter.OpenedFrom?.UtcTicks.ToString(CultureInfo.InvariantCulture),
        filter.OpenedTo?.UtcTicks.ToString(CultureInfo.InvariantCulture),
        filter.IncludeTransient.ToString());

    private static AlertCursor? AfterOf(string[]? key) => key is null ? null
        : long.TryParse(key[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(key[1], "D", out var alertId) ? new AlertCursor(new DateTimeOffset(ticks, TimeSpan.Zero), alertId)
        : throw Cursor.Wrong();
}

/// <param name="OpenedFrom">At or after, RFC 3339.</param>
/// <param name="OpenedTo">Before.</param>
/// <param name="ExcludeDesks">Desks that are left out.</param>
public sealed record QueryAlertsInput(
    string? RequestId,
    string? Desk,
    string? Severity,
    string? Status,
    string? BreachState,
    string? OpenedFrom,
    string? OpenedTo,
    bool? IncludeTransient,
    int? PageSize,
    string? Cursor,
    IReadOnlyList<string>? ExcludeDesks = null)
{
    /// <summary>Every alert whose breach is open.</summary>
    public static readonly QueryAlertsInput Open = new(null, null, null, null, "open", null, null, null, null, null);
}
