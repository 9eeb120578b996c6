using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Operations;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The routes that change the users of the table.</summary>
internal static class UserRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/users", (HttpContext context, RequestRunner runner, AddUser useCase) => runner.RunAsync(context, AddUser.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = JsonBody.Read(context, AddUser.Fields);
                return useCase.AskAsync(new AddUserInput(body.Text("name")!, RightsOf(body)), call, cancellationToken);
            }))
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<UserKeyAnswer>(AddUser.Tool, "Lets somebody in, and shows the API key once.", [], null, hasBody: true, StatusCodes.Status409Conflict);

        api.MapPost("/users/{name}/key", (HttpContext context, RequestRunner runner, ChangeUser useCase) => runner.RunAsync(context, ChangeUser.Tool, (call, cancellationToken) =>
            {
                Query.Read(context.Request, []);
                var body = JsonBody.Read(context, ChangeUser.Fields);
                return useCase.AskAsync(new ChangeUserInput(RawPath.Segment(context, "name", fromEnd: 2), body.Text("key_id"), RightsOf(body)), call, cancellationToken);
            }))
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<UserKeyAnswer>(ChangeUser.Tool, "Gives a user another key, with the same or other rights, and shows it once.", [], "name", hasBody: true, StatusCodes.Status409Conflict);

        InputParameter[] inQuery = [.. RevokeUser.Input.Parameters.Where(parameter => parameter.Name != "name")];
        api.MapDelete("/users/{name}", (HttpContext context, RequestRunner runner, RevokeUser useCase) => runner.RunAsync(context, RevokeUser.Tool, (call, cancellationToken) => useCase.AskAsync(
                RevokeUser.Input.Read(Query.Read(context.Request, inQuery).With("name", RawPath.Segment(context, "name", fromEnd: 1))), call, cancellationToken)))
            .Documents<UserRevokedAnswer>(RevokeUser.Tool, "Ends a user's key for good; the user stays in the list.", inQuery, "name", hasBody: false, StatusCodes.Status409Conflict);
    }

    private static UserRights RightsOf(ToolArguments body) => new(body.Text("role"), body.Texts("desks"), body.Flag("all_desks"), body.Text("clearance"));
}
