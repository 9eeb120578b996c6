using Microsoft.Net.Http.Headers;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Runs before every route. Checks the host name of the request and the origin of the page that sent it, and lets the pages that may ask also read the
/// answer (CORS), without credentials: the API takes no cookie. The console does, and accepts its own origin only (<c>ConsoleAccessMiddleware</c>).
/// </summary>
internal sealed class SiteMiddleware(RequestDelegate next, KnownSites sites, RefusedRequest refusal)
{
    private const string Methods = "GET, POST, PUT, DELETE";
    private const string ReadableHeaders = "x-request-id, retry-after, www-authenticate, mcp-session-id, mcp-protocol-version";

    /// <summary>Seconds for which a browser need not ask again.</summary>
    private const string PreflightAge = "600";

    public async Task InvokeAsync(HttpContext context)
    {
        if (Refusal(context) is { } refused)
        {
            await refusal.AnswerAsync(context, refused);
            return;
        }

        if (sites.IsHttps(context.Request.Host))
        {
            // Cookies, redirects and links follow the scheme that the client used.
            context.Request.Scheme = Uri.UriSchemeHttps;
        }

        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = ReadableHeaders;
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            if (IsPreflight(context.Request))
            {
                headers.AccessControlAllowMethods = Methods;
                headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
                headers.AccessControlMaxAge = PreflightAge;
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }

        await next(context);
    }

    private RequestException? Refusal(HttpContext context)
    {
        if (HostOf(context.Request) is not { } host)
        {
            return new RequestException(RequestError.InvalidInput, "the Host header is no host name; send the name by which this server is asked for");
        }

        // HTTP/1.0 knows no host name, and no browser speaks it.
        if (host.HasValue && !sites.IsHost(host.Host, context.Connection.LocalIpAddress))
        {
            return new RequestException(
                RequestError.Forbidden, $"this server does not answer for the host name '{host.Host}'; ask for it by a name of its own, or have an administrator add that name to {AccessOptions.Section}:{nameof(AccessOptions.AllowedHosts)}");
        }

        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || sites.IsOrigin(origin, host)
            ? null
            : new RequestException(
                RequestError.Forbidden, $"pages of '{origin}' may not ask; open a page of this server, or have an administrator add that origin to {AccessOptions.Section}:{nameof(AccessOptions.AllowedOrigins)}");
    }

    /// <returns>Null where the header is not to be read: a name that claims to be in Punycode (<c>xn--</c>) and is not.</returns>
    private static HostString? HostOf(HttpRequest request)
    {
        try
        {
            return request.Host;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;
}
