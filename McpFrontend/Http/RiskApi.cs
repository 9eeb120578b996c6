using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Endpoints;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Operations;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The routes of the HTTP API: each reads its request and asks a use case. What a reading route takes follows from its use case's input.</summary>
internal static class RiskApi
{
    public const string Prefix = "/api/v1";

    public static void MapRiskApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Prefix);

        api.MapAsk<ListDesks, ListDesksInput, DesksAnswer>("/desks", ListDesks.Input, "The desks that the caller may see, with their figures and utilisation.");
        api.MapAsk<DeskExposure, DeskExposureInput, DeskExposureAnswer>(
            "/desks/{desk}/exposure", DeskExposure.Input, "Exposure, breaches, open alerts, conclusion and citations of a desk.", pathParameter: "desk", fromEnd: 2);
        api.MapAsk<DeskExposure, DeskExposureInput, DeskExposureAnswer>(
            "/desks/exposure", DeskExposure.Input, "The same for a desk whose name is awkward in a path.", operation: DeskExposure.Tool + "_by_query");
        api.MapAsk<DeskTimeSeries, DeskTimeSeriesInput, DeskHistoryAnswer>(
            "/desks/{desk}/history", DeskTimeSeries.Input, "A desk's figures and utilisation between two times, at a step.", pathParameter: "desk", fromEnd: 2);
        api.MapAsk<GetExposure, GetExposureInput, ExposuresAnswer>("/exposure", GetExposure.Input, "Exposure by desk, trader, security, currency, or pairs of them.");
        api.MapAsk<QueryPositions, QueryPositionsInput, PositionsAnswer>("/positions", QueryPositions.Input, "Positions, by desk and id.");
        api.MapAsk<QueryAlerts, QueryAlertsInput, AlertsAnswer>("/alerts", QueryAlerts.Input, "Alerts, newest first.");
        api.MapAsk<GetAlert, string, AlertHistoryAnswer>("/alerts/{alert_id}", GetAlert.Input, "One alert with its history.", pathParameter: "alert_id", fromEnd: 1);
        api.MapAsk<GetLimits, GetLimitsInput, LimitsAnswer>("/limits", GetLimits.Input, "The limit table, or what of it binds one desk.");
        api.MapAsk<GetLimitHistory, GetLimitHistoryInput, LimitHistoryAnswer>("/limits/history", GetLimitHistory.Input, "Every version that limits had, newest first.");

        api.MapAsk<GetDeadLetters, GetDeadLettersInput, DeadLettersAnswer>("/dead-letters", GetDeadLetters.Input, "Messages of the feed that could not be read, newest first.");
        api.MapAsk<GetUsers, NoInput, UsersAnswer>("/users", GetUsers.Input, "The users of the table, revoked ones included.");
        UserRoutes.Map(api);
        api.MapAsk<GetFeed, NoInput, FeedPartitionsAnswer>("/feed", GetFeed.Input, "How far each partition of the feed is.");
        api.MapAsk<ListSilos, NoInput, SilosAnswer>("/silos", ListSilos.Input, "The silos of the cluster and what they carry.");
        api.MapAsk<GetAudit, GetAuditInput, AuditAnswer>("/audit", GetAudit.Input, "Who asked what, newest first.");

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

        api.MapPost("/alerts/{alert_id}/snooze", (HttpContext context, RequestRunner runner, SnoozeAlert useCase) => runner.RunAsync(context, SnoozeAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = JsonBody.Read(context, SnoozeAlert.Fields);
                return useCase.AskAsync(new HandleAlertInput(RawPath.Segment(context, "alert_id", fromEnd: 2), body.Text("until"), body.Text("reason")), call, cancellationToken);
            }))
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<AlertHistoryAnswer>(SnoozeAlert.Tool, "Reminders and further steps of an escalation wait; acknowledges nothing.", [], "alert_id", hasBody: true, StatusCodes.Status409Conflict);

        api.MapPost("/alerts/{alert_id}/assign", (HttpContext context, RequestRunner runner, AssignAlert useCase) => runner.RunAsync(context, AssignAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = JsonBody.Read(context, AssignAlert.Fields);
                return useCase.AskAsync(
                    new HandleAlertInput(RawPath.Segment(context, "alert_id", fromEnd: 2), body.Text("until"), body.Text("reason"), body.Text("to")), call, cancellationToken);
            }))
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<AlertHistoryAnswer>(AssignAlert.Tool, "Gives an alert to somebody who is to deal with it.", [], "alert_id", hasBody: true);

        api.MapPost("/alerts/{alert_id}/replay", (HttpContext context, RequestRunner runner, ReplayAlert useCase) => runner.RunAsync(context, ReplayAlert.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                return useCase.AskAsync(RawPath.Segment(context, "alert_id", fromEnd: 2), call, cancellationToken);
            }))
            .Documents<AlertHistoryAnswer>(ReplayAlert.Tool, "Sends a dead letter again, as a new delivery.", [], "alert_id", hasBody: false, StatusCodes.Status409Conflict);

        api.MapAsk<ListDeliveries, ListDeliveriesInput, DeliveriesAnswer>("/deliveries", ListDeliveries.Input, "The delivery log: what became of each message at each endpoint.");
        api.MapPost("/deliveries/replay", (HttpContext context, RequestRunner runner, ReplayDeliveries useCase) => runner.RunAsync(context, ReplayDeliveries.Tool, (call, cancellationToken) =>
                useCase.AskAsync(Query.Read(context.Request, ReplayDeliveries.Parameters).Text("endpoint"), call, cancellationToken)))
            .Documents<ReplayedAnswer>(ReplayDeliveries.Tool, "Sends dead letters again, all or those of one endpoint, as new deliveries.", ReplayDeliveries.Parameters, hasBody: false);
        api.MapAsk<ListEndpoints, NoInput, EndpointsAnswer>("/endpoints", ListEndpoints.Input, "The endpoints that were set at run time, without their secrets.");
        EndpointRoutes.Map(api);

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
                return useCase.AskAsync(AskRisk.Input.Read(JsonBody.Read(context, AskRisk.Input.Parameters)), call, cancellationToken);
            }))
            .Accepts<AskRiskInput>("application/json")
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<AskAnswer>(AskRisk.Tool, "A question in plain language, English or Chinese.", [], hasBody: true);
    }

    /// <summary>A route that reads.</summary>
    /// <param name="pathParameter">The parameter that stands in the path; null where all are in the query.</param>
    /// <param name="fromEnd">Its segment, counted from the path's end.</param>
    /// <param name="operation">The operation's id in the OpenAPI document; null: the use case's name.</param>
    private static void MapAsk<TUseCase, TInput, TAnswer>(
        this RouteGroupBuilder api, string pattern, UseCaseInput<TInput> input, string summary, string? pathParameter = null, int fromEnd = 0, string? operation = null)
        where TUseCase : IUseCase<TInput, TAnswer>
        where TAnswer : Answer
    {
        InputParameter[] inQuery = [.. input.Parameters.Where(parameter => parameter.Name != pathParameter)];
        api.MapGet(pattern, (HttpContext context, RequestRunner runner, TUseCase useCase) => runner.RunAsync(context, input.UseCase, (call, cancellationToken) =>
            {
                var query = Query.Read(context.Request, inQuery);
                var values = pathParameter is null ? query : query.With(pathParameter, RawPath.Segment(context, pathParameter, fromEnd));
                return useCase.AskAsync(input.Read(values), call, cancellationToken);
            }))
            .Documents<TAnswer>(operation ?? input.UseCase, summary, inQuery, pathParameter);
    }
}
