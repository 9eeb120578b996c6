using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>Answers one POST with one MCP server that lives as long as the request, over the SDK's own stateless transport.</summary>
internal sealed class StatelessMcpHandler(
    IOptions<HttpServerTransportOptions> transportOptions,
    IOptionsFactory<McpServerOptions> serverOptions,
    ILoggerFactory loggers)
{
    private static readonly JsonTypeInfo<JsonRpcMessage> s_message = TypeInfo<JsonRpcMessage>();
    private static readonly JsonTypeInfo<JsonRpcError> s_error = TypeInfo<JsonRpcError>();

    internal HttpServerTransportOptions Options => transportOptions.Value;

    internal async Task HandleAsync(HttpContext context)
    {
        var accept = context.Request.GetTypedHeaders().Accept;
        if (!accept.Any(a => a.MatchesMediaType("application/json")) || !accept.Any(a => a.MatchesMediaType("text/event-stream")))
        {
            await RefuseAsync(context, StatusCodes.Status406NotAcceptable, new() { Code = -32000, Message = "Not Acceptable: Client must accept both application/json and text/event-stream" });
            return;
        }

        if (await ReadAsync(context) is not { } message)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, new() { Code = (int)McpErrorCode.InvalidRequest, Message = "Bad Request: The POST body did not contain a valid JSON-RPC message." });
            return;
        }

        var options = serverOptions.Create(Microsoft.Extensions.Options.Options.DefaultName);
        options.ScopeRequests = false;
        var check = new RequestCheck(context.Request.Headers, message, options);
        if (check.Problem() is var (status, problem))
        {
            await RefuseAsync(context, status, problem, message is JsonRpcRequest request ? request.Id : default);
            return;
        }

        if (Options.ConfigureSessionOptions is { } configure)
        {
            await configure(context, options, context.RequestAborted);
        }

        await ServeAsync(context, message, options, check.IsModern);
    }

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        JsonRpcMessage? message;
        try
        {
            message = await context.Request.ReadFromJsonAsync(s_message, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }

        if (message is not null)
        {
            message.Context = new()
            {
                User = context.User.Identity?.IsAuthenticated == true ? context.User : null,
                ProtocolVersion = context.Request.Headers[RequestCheck.VersionHeader].ToString() is { Length: > 0 } version ? version : null,
            };
        }

        return message;
    }

    private async Task ServeAsync(HttpContext context, JsonRpcMessage message, McpServerOptions options, bool isModern)
    {
        await using var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var server = McpServer.Create(transport, options, loggers, context.RequestServices);
        context.Features.Set(server);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var running = server.RunAsync(ended.Token);

        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers.ContentEncoding = "identity";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();

        // From revision 2026-07-28 on some errors are HTTP errors too.
        Func<JsonRpcMessage?, ValueTask>? onStarting = isModern ? first => SetStatus(context, first) : null;
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, onStarting, context.RequestAborted))
        {
            context.Response.Headers.ContentType = (string?)null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await transport.DisposeAsync();
        await ended.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ValueTask SetStatus(HttpContext context, JsonRpcMessage? first)
    {
        if (first is JsonRpcError { Error: { } error } && !context.Response.HasStarted)
        {
            context.Response.StatusCode = (McpErrorCode)error.Code switch
            {
                McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
                McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
                _ => context.Response.StatusCode,
            };
        }

        return default;
    }

    private static Task RefuseAsync(HttpContext context, int status, JsonRpcErrorDetail error, RequestId id = default) =>
        Results.Json(new JsonRpcError { Id = id, Error = error }, s_error, statusCode: status).ExecuteAsync(context);
}
