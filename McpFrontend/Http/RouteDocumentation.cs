using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Describes routes in the OpenAPI document, from the same list of parameters that the routes read by.</summary>
internal static class RouteDocumentation
{
    public const string DocumentName = "v1";

    public static void Documents<TAnswer>(
        this RouteHandlerBuilder route, string tool, string summary, IReadOnlyList<QueryParameter> parameters, string? pathParameter = null) => route
        .WithName(tool)
        .WithSummary(summary)
        .Produces<TAnswer>()
        .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.ContentType)
        .Produces<Problem>(StatusCodes.Status404NotFound, Problem.ContentType)
        .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType)
        .Produces<Problem>(StatusCodes.Status504GatewayTimeout, Problem.ContentType)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [];
            if (pathParameter is not null)
            {
                operation.Parameters.Add(Parameter(new QueryParameter(pathParameter, "", IsRequired: true), ParameterLocation.Path));
            }

            foreach (var parameter in parameters)
            {
                operation.Parameters.Add(Parameter(parameter, ParameterLocation.Query));
            }

            return Task.CompletedTask;
        });

    /// <summary>Types that write themselves are told what they write.</summary>
    public static Task DescribeSchemaAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(Money) || type == typeof(Money?))
        {
            schema.Type = type == typeof(Money) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Pattern = Money.Pattern;
            schema.Examples = [JsonValue.Create("1250000.0000")];
        }
        else if (type == typeof(AlertAnswer))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "An alert, with the field names of the webhook's data and those of its delivery and acknowledgement.";
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(QueryParameter parameter, ParameterLocation location) => new()
    {
        Name = parameter.Name,
        In = location,
        Description = parameter.Description.Length == 0 ? null : parameter.Description,
        Required = parameter.IsRequired,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
