using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Describes routes in the OpenAPI document, from the same list of parameters that the routes read by.</summary>
internal static class RouteDocumentation
{
    public const string DocumentName = "v1";

    private const string Bearer = "bearer";
    private const string ApiKey = "api_key";

    /// <summary>All routes are of one kind.</summary>
    private const string Tag = "risk";

    /// <summary>What every call may answer besides its answer.</summary>
    private static readonly int[] s_problems = [400, 401, 403, 404, 429, 500, 503, 504];

    /// <summary>What a call with a body may answer as well.</summary>
    private static readonly int[] s_bodyProblems = [408, 413, 415];

    /// <summary>Adds the ways to be let in to the document.</summary>
    public static Task DescribeAccessAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        // The tag is otherwise the name of the program.
        document.Tags = new HashSet<OpenApiTag> { new() { Name = Tag } };
        document.Info.Title = "RiskMonitor";
        document.Info.Description = "Exposure, limits, breaches and alerts of trading desks. Errors are problems (RFC 9457). While there are no users, programs on the same machine need no credentials.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key (rmk_…), or a token of the identity provider." },
            [ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Credential.ApiKeyHeader, Description = "An API key (rmk_…)." },
        };
        return Task.CompletedTask;
    }

    /// <summary>A route that answers callers who are known needs one of the credentials.</summary>
    public static Task DescribeSecurityAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag, context.Document) };
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [.. new[] { Bearer, ApiKey }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
        }

        return Task.CompletedTask;
    }

    /// <param name="problems">Statuses of its own, besides those that all routes share.</param>
    public static void Documents<TAnswer>(
        this RouteHandlerBuilder route, string tool, string summary, IReadOnlyList<InputParameter> parameters, string? pathParameter = null, bool hasBody = false, params int[] problems) =>
        route.Documents<TAnswer>(tool, summary, parameters, pathParameter, "application/json", hasBody, problems);

    /// <param name="contentType">Of the answer.</param>
    public static void Documents<TAnswer>(
        this RouteHandlerBuilder route, string tool, string summary, IReadOnlyList<InputParameter> parameters, string? pathParameter, string contentType, bool hasBody = false, params int[] problems)
    {
        foreach (var status in s_problems.Concat(problems).Concat(hasBody ? s_bodyProblems : []).Order())
        {
            route.Produces<Problem>(status, Problem.ContentType);
        }

        route
            .WithName(tool)
            .WithSummary(summary)
            .Produces<TAnswer>(StatusCodes.Status200OK, contentType)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters = [];
                if (pathParameter is not null)
                {
                    operation.Parameters.Add(Parameter(new InputParameter(pathParameter, ParameterKind.Text, "", IsRequired: true), ParameterLocation.Path));
                }

                foreach (var parameter in parameters)
                {
                    operation.Parameters.Add(Parameter(parameter, ParameterLocation.Query));
                    if (parameter == CommonParameters.PageSize)
                    {
                        operation.Parameters.Add(Parameter(parameter with { Name = Query.Limit, Description = "another name for page_size" }, ParameterLocation.Query));
                    }
                }

                return Task.CompletedTask;
            });
    }

    /// <returns>Null for JSON of any kind, which is described where it stands.</returns>
    public static string? SchemaName(JsonTypeInfo type) =>
        type.Type == typeof(JsonElement) || type.Type == typeof(JsonElement?) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>Describes the types that have a JSON converter.</summary>
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

    private static OpenApiParameter Parameter(InputParameter parameter, ParameterLocation location) => new()
    {
        Name = parameter.Name,
        In = location,
        Description = parameter.Description.Length == 0 ? null : parameter.Description,
        Required = parameter.IsRequired,
        Schema = SchemaOf(parameter),
    };

    private static OpenApiSchema SchemaOf(InputParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Whole => new OpenApiSchema { Type = JsonSchemaType.Integer },
        ParameterKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        ParameterKind.Texts => new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        _ => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = parameter.Allowed is { } allowed ? [.. allowed.Select(value => JsonValue.Create(value))] : null,
        },
    };
}
