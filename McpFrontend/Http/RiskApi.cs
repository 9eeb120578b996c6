using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The routes of the HTTP API: each reads its request and asks a use case.</summary>
internal static class RiskApi
{
    public const string Prefix = "/api/v1";

    private static readonly QueryParameter Desk = new("desk", "Name of a desk, compared exactly.");
    private static readonly QueryParameter PageSize = new("page_size", "Rows per page, 1 to 500; 50 when left out.");
    private static readonly QueryParameter Limit = new("limit", "Another name for page_size.");
    private static readonly QueryParameter AsOf = new("as_of", "A past instant (RFC 3339), or a date for that day's close; now when left out.");
    private static readonly QueryParameter ExcludeDesks = new(LeftOutDesks.Field, "A desk that is left out; may be given several times.", IsMany: true);
    private static readonly QueryParameter Cursor = new("cursor", "next_cursor of the page before, with the same filters.");

    private static readonly QueryParameter[] ExposureParameters =
    [
        new("as_of", "A past instant (RFC 3339), or a date for that day's close; now when left out."),
        new("horizon", "Chooses the limits; figures are not rescaled."),
        new("limit_profile", "Chooses the limits."),
    ];

    private static readonly QueryParameter[] DesksParameters =
        [
            new("order_by", $"One of {string.Join(", ", ListDesks.Orders)}; the largest first, names ascending."),
            AsOf,
            new("filter", "Conditions that a desk must meet, joined by ' and ', such as net_delta > 3000000 and unit = USD and in_breach = false."),
            ExcludeDesks,
            PageSize,
            Limit,
            Cursor,
        ];

    private static readonly QueryParameter[] AlertsParameters =
    [
        new("request_id", "Alerts of this request id."),
        Desk,
        ExcludeDesks,
        new("severity", $"One of {string.Join(", ", QueryAlerts.Severities)}."),
        new("status", $"One of {string.Join(", ", QueryAlerts.Statuses)}."),
        new("breach_state", $"One of {string.Join(", ", QueryAlerts.BreachStates)}."),
        new("opened_from", "Opened at or after this instant (RFC 3339)."),
        new("opened_to", "Opened before this instant (RFC 3339)."),
        new("include_transient", "true: also alerts of breaches that opened and ended inside one database transaction."),
        PageSize,
        Limit,
        Cursor,
    ];

    private static readonly QueryParameter[] LimitsParameters =
        [Desk, new("profile", "Only limits of this profile."), new("horizon", "Only limits of this horizon."), PageSize, Limit, Cursor];

    private static readonly QueryParameter[] ByGroupParameters =
    [
        new("group_by", $"One of {string.Join(" | ", ExposureGrouping.Names)}.", IsRequired: true),
        Desk,
        new("trader_id", "Only positions of this trader."),
        new("currency", "Only positions in this currency (ISO 4217); nothing is converted."),
        AsOf,
        ExcludeDesks,
        new("threshold", "An amount: rows with a larger net delta, either sign, are marked."),
        new("order_by", $"One of {string.Join(", ", GetExposure.Orders)}; the largest first, names ascending."),
        new("top", "Only so many rows, the others as one; instead of pages."),
        PageSize,
        Limit,
        Cursor,
    ];

    private static readonly QueryParameter[] PositionsParameters =
    [
        Desk,
        new("trader_id", "Only this trader's."),
        new("security_id", "Only of this instrument."),
        new("currency", "Only in this currency (ISO 4217)."),
        new("entry_date_from", "Entered on this day or later."),
        new("entry_date_to", "Entered on this day or earlier."),
        PageSize,
        Limit,
        Cursor,
    ];

    public static void MapRiskApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Prefix);

        api.MapGet("/desks", (HttpContext context, RequestRunner runner, ListDesks useCase) => runner.RunAsync(context, ListDesks.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, DesksParameters);
                return useCase.AskAsync(new ListDesksInput(
                    query.Text("order_by"), query.PageSize(), query.Text("cursor"), query.Text("as_of"), query.Text("filter"), query.Texts(LeftOutDesks.Field)), call, cancellationToken);
            }))
            .Documents<DesksAnswer>(ListDesks.Tool, "The desks that the caller may see, with their figures and utilisation.", DesksParameters);

        api.MapGet("/desks/{desk}/exposure", (HttpContext context, RequestRunner runner, DeskExposure useCase) => runner.RunAsync(context, DeskExposure.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, ExposureParameters);
                return useCase.AskAsync(ExposureInput(RawPath.Segment(context, "desk", fromEnd: 2), query), call, cancellationToken);
            }))
            .Documents<DeskExposureAnswer>(DeskExposure.Tool, "Exposure, breaches, open alerts, conclusion and citations of a desk.", ExposureParameters, "desk");

        QueryParameter[] twinParameters = [Desk with { IsRequired = true }, .. ExposureParameters];
        api.MapGet("/desks/exposure", (HttpContext context, RequestRunner runner, DeskExposure useCase) => runner.RunAsync(context, DeskExposure.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, twinParameters);
                return useCase.AskAsync(ExposureInput(query.Demand("desk"), query), call, cancellationToken);
            }))
            .Documents<DeskExposureAnswer>(DeskExposure.Tool + "_by_query", "The same for a desk whose name is awkward in a path.", twinParameters);

        api.MapGet("/exposure", (HttpContext context, RequestRunner runner, GetExposure useCase) => runner.RunAsync(context, GetExposure.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, ByGroupParameters);
                var input = new GetExposureInput(
                    query.Demand("group_by"),
                    query.Text("desk"),
                    query.Text("trader_id"),
                    query.Text("threshold"),
                    query.Text("order_by"),
                    query.Whole("top"),
                    query.PageSize(),
                    query.Text("cursor"),
                    query.Text("as_of"),
                    query.Text("currency"),
                    query.Texts(LeftOutDesks.Field));
                return useCase.AskAsync(input, call, cancellationToken);
            }))
            .Documents<ExposuresAnswer>(GetExposure.Tool, "Exposure by desk, trader, security, currency, or pairs of them.", ByGroupParameters);

        api.MapGet("/positions", (HttpContext context, RequestRunner runner, QueryPositions useCase) => runner.RunAsync(context, QueryPositions.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, PositionsParameters);
                var input = new QueryPositionsInput(
                    query.Text("desk"),
                    query.Text("trader_id"),
                    query.Text("security_id"),
                    query.Text("currency"),
                    query.Text("entry_date_from"),
                    query.Text("entry_date_to"),
                    query.PageSize(),
                    query.Text("cursor"));
                return useCase.AskAsync(input, call, cancellationToken);
            }))
            .Documents<PositionsAnswer>(QueryPositions.Tool, "Positions, by desk and id.", PositionsParameters);

        api.MapGet("/alerts", (HttpContext context, RequestRunner runner, QueryAlerts useCase) => runner.RunAsync(context, QueryAlerts.Tool, (call, cancellationToken) =>
                useCase.AskAsync(AlertsInput(Query.Read(context.Request, AlertsParameters)), call, cancellationToken)))
            .Documents<AlertsAnswer>(QueryAlerts.Tool, "Alerts, newest first.", AlertsParameters);

        api.MapGet("/alerts/{alert_id}", (HttpContext context, RequestRunner runner, GetAlert useCase) => runner.RunAsync(context, GetAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                return useCase.AskAsync(RawPath.Segment(context, "alert_id", fromEnd: 1), call, cancellationToken);
            }))
            .Documents<AlertHistoryAnswer>(GetAlert.Tool, "One alert with its history.", [], "alert_id");

        api.MapPost("/alerts/{alert_id}/ack", (HttpContext context, RequestRunner runner, AckAlert useCase) => runner.RunAsync(context, AckAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = AckBody.Read(context);
                var input = new AckAlertInput(
                    RawPath.Segment(context, "alert_id", fromEnd: 2), body.DeliveryId, body.AckedBy, body.Comment, body.Disposition, body.PayloadSha256);
                return useCase.AskAsync(input, call, cancellationToken);
            }))
            .Accepts<AckBody>(isOptional: true, "application/json")
            .WithMetadata(new ReadsBody(AckBody.MostBytes))
            .Documents<AckedAnswer>(AckAlert.Tool, "Acknowledges an alert; repeating it changes nothing.", [], "alert_id", hasBody: true, StatusCodes.Status409Conflict);

        api.MapPost("/alerts/{alert_id}/replay", (HttpContext context, RequestRunner runner, ReplayAlert useCase) => runner.RunAsync(context, ReplayAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                return useCase.AskAsync(RawPath.Segment(context, "alert_id", fromEnd: 2), call, cancellationToken);
            }))
            .Documents<AlertHistoryAnswer>(ReplayAlert.Tool, "Sends a dead letter again, as a new delivery.", [], "alert_id", hasBody: false, StatusCodes.Status409Conflict);

        api.MapGet("/limits", (HttpContext context, RequestRunner runner, GetLimits useCase) => runner.RunAsync(context, GetLimits.Tool, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, LimitsParameters);
                return useCase.AskAsync(
                    new GetLimitsInput(query.Text("desk"), query.Text("profile"), query.Text("horizon"), query.PageSize(), query.Text("cursor")), call, cancellationToken);
            }))
            .Documents<LimitsAnswer>(GetLimits.Tool, "The limit table, or what of it binds one desk.", LimitsParameters);

        api.MapPut("/limits/{limit_id}", (HttpContext context, RequestRunner runner, SetLimit useCase) => runner.RunAsync(context, SetLimit.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var change = LimitBody.Read(context);
                return useCase.AskAsync(new SetLimitInput(RawPath.Segment(context, "limit_id", fromEnd: 1), change), call, cancellationToken);
            }))
            .Accepts<LimitChange>("application/json")
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<LimitSetAnswer>(SetLimit.Tool, "Sets a limit: a new one, or the next version of the one that was read.", [], "limit_id", hasBody: true, StatusCodes.Status409Conflict);

        api.MapPost("/ask", (HttpContext context, RequestRunner runner, AskRisk useCase) => runner.RunAsync(context, AskRisk.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = JsonBody.Read(context, AskRiskTool.Arguments);
                return useCase.AskAsync(new AskRiskInput(body.Demand(AskRiskTool.QuestionName)), call, cancellationToken);
            }))
            .Accepts<AskRiskInput>("application/json")
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<AskAnswer>(AskRisk.Tool, "A question in plain language, English or Chinese.", [], hasBody: true);
    }

    private static DeskExposureInput ExposureInput(string desk, Query query) =>
        new(desk, query.Text("as_of"), query.Text("horizon"), query.Text("limit_profile"));

    private static QueryAlertsInput AlertsInput(Query query) => new(
        query.Text("request_id"),
        query.Text("desk"),
        query.Text("severity"),
        query.Text("status"),
        query.Text("breach_state"),
        query.Text("opened_from"),
        query.Text("opened_to"),
        query.Flag("include_transient"),
        query.PageSize(),
        query.Text("cursor"),
        query.Texts(LeftOutDesks.Field));
}
