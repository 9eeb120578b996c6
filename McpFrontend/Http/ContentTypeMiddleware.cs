namespace RiskMonitor.McpFrontend.Http;

/// <summary>
/// Stands before the routing, which compares content types by their letters: all names of JSON become one. Another type, or a charset that is not
/// UTF-8, is left to be refused.
/// </summary>
internal sealed class ContentTypeMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            && (request.Path.StartsWithSegments(RiskApi.Prefix) || request.Path.StartsWithSegments(FrontendServices.McpPath))
            && request.ContentType != MediaType.Json
            && MediaType.IsJson(request.ContentType))
        {
            request.ContentType = MediaType.Json;
        }

        return next(context);
    }
}
