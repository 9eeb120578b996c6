using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Shows clients how to authenticate: the challenge of a 401 and the OAuth protected resource metadata that it points to (RFC 9728), for the server
/// as a whole and for the MCP endpoint.
/// </summary>
internal sealed class ProtectedResource(IOptions<AccessOptions> options)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    private readonly string? _publicUrl = options.Value.PublicUrl is { Length: > 0 } url ? url.TrimEnd('/') : null;

    public static bool IsMcp(PathString path) => path.StartsWithSegments(FrontendServices.McpPath);

    /// <summary>The value of <c>WWW-Authenticate</c> (RFC 6750).</summary>
    public string Challenge(HttpContext context)
    {
        var metadata = BaseUrl(context) + WellKnown + (IsMcp(context.Request.Path) ? FrontendServices.McpPath : "");
        var error = Credential.IsPresent(context.Request.Headers) ? "error=\"invalid_token\", " : "";
        return $"Bearer {error}resource_metadata=\"{metadata}\"";
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(WellKnown, (HttpContext context) => Metadata(context, "")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(WellKnown + FrontendServices.McpPath, (HttpContext context) => Metadata(context, FrontendServices.McpPath)).AllowAnonymous().ExcludeFromDescription();
    }

    private IResult Metadata(HttpContext context, string path)
    {
        var jwt = options.Value.Jwt;
        return Results.Json(
            new MetadataAnswer(BaseUrl(context) + path, jwt.IsConfigured ? [jwt.ExpectedIssuer] : null, ["header"], "RiskMonitor"),
            RiskJson.Options);
    }

    private string BaseUrl(HttpContext context) => _publicUrl ?? $"{context.Request.Scheme}://{context.Request.Host.Value}";

    /// <param name="AuthorizationServers">Left out where only API keys are taken.</param>
    private sealed record MetadataAnswer(
        string Resource,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? AuthorizationServers,
        IReadOnlyList<string> BearerMethodsSupported,
        string ResourceName);
}
