using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Endpoints;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The routes of endpoints that are set at run time.</summary>
internal static class EndpointRoutes
{
    private const int MostBytes = 64 * 1024;
    private const int MostDepth = 4;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/endpoints/{name}", (HttpContext context, RequestRunner runner, SetEndpoint useCase) =>
                runner.RunAsync(context, SetEndpoint.Tool, async (call, cancellationToken) =>
                {
                    Query.Read(context.Request, []);
                    using var body = Body(context, context.RequestServices.GetRequiredService<IEndpointRules>());
                    return await useCase.AskAsync(InputOf(RawPath.Segment(context, "name", fromEnd: 1), body.RootElement), call, cancellationToken);
                }))
            .WithMetadata(new ReadsBody(MostBytes))
            .Documents<EndpointSetAnswer>(
                SetEndpoint.Tool, "Sets an endpoint that alerts are delivered to: a new one, or the next version of the one that was read.", [], "name", hasBody: true, StatusCodes.Status409Conflict);

        InputParameter[] inQuery = [.. RemoveEndpoint.Input.Parameters.Where(parameter => parameter.Name != "name")];
        api.MapDelete("/endpoints/{name}", (HttpContext context, RequestRunner runner, RemoveEndpoint useCase) =>
                runner.RunAsync(context, RemoveEndpoint.Tool, (call, cancellationToken) => useCase.AskAsync(
                    RemoveEndpoint.Input.Read(Query.Read(context.Request, inQuery).With("name", RawPath.Segment(context, "name", fromEnd: 1))), call, cancellationToken)))
            .Documents<EndpointSetAnswer>(RemoveEndpoint.Tool, "Removes an endpoint; what is still to be sent to it waits.", inQuery, "name", hasBody: false, StatusCodes.Status409Conflict);

        api.MapPost("/endpoints/{name}/rotate", (HttpContext context, RequestRunner runner, RotateEndpointSecret useCase) =>
                runner.RunAsync(context, RotateEndpointSecret.Tool, (call, cancellationToken) =>
                {
                    Query.Read(context.Request, []);
                    var body = JsonBody.Read(context, RotateEndpointSecret.Fields);
                    return useCase.AskAsync(new RotateEndpointSecretInput(RawPath.Segment(context, "name", fromEnd: 2), body.Whole("version"), body.Text("reason")), call, cancellationToken);
                }))
            .WithMetadata(new ReadsBody(JsonBody.MostBytes))
            .Documents<EndpointSecretAnswer>(
                RotateEndpointSecret.Tool, "Gives a webhook a new secret and shows it once; the one before signs beside it.", [], "name", hasBody: true, StatusCodes.Status409Conflict);

        api.MapPost("/endpoints/{name}/test", (HttpContext context, RequestRunner runner, TestEndpoint useCase) =>
                runner.RunAsync(context, TestEndpoint.Tool, (call, cancellationToken) =>
                {
                    Query.Read(context.Request, []);
                    return useCase.AskAsync(RawPath.Segment(context, "name", fromEnd: 2), call, cancellationToken);
                }))
            .Documents<EndpointTestedAnswer>(TestEndpoint.Tool, "Sends a test message to an endpoint, also to one of the configuration.", [], "name", hasBody: false);
    }

    private static JsonDocument Body(HttpContext context, IEndpointRules rules)
    {
        string[] fields = ["version", "reason", .. rules.Fields];
        var remedy = $"send an object with {string.Join(", ", fields)}";
        var body = JsonText.Parse(context.Features.GetRequiredFeature<RequestBody>().Bytes, MostDepth, remedy, fields);
        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid("body", $"is not a JSON object; {remedy}", fields);
        }

        var check = new InputCheck();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in JsonText.Properties(body.RootElement))
        {
            if (!fields.Contains(name) || !seen.Add(name))
            {
                check.Refuse(name, fields.Contains(name) ? "is given twice; give it once" : "is not known here", fields);
            }
        }

        check.Done();
        return body;
    }

    private static SetEndpointInput InputOf(string name, JsonElement body) => new(
        name,
        body,
        body.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) ? number : null,
        body.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null);
}
