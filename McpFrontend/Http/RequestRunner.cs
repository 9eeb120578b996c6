using Microsoft.AspNetCore.Http.Features;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Carries an HTTP request through a use case and writes the answer, or why there is none.</summary>
internal sealed class RequestRunner(CallRunner calls, BodyReader bodies)
{
    private const string RequestIdHeader = "x-request-id";
    private const int ClientClosedRequest = 499;

    /// <param name="ask">Reads the request and asks the use case.</param>
    public Task RunAsync<TAnswer>(HttpContext context, string tool, Func<CallContext, CancellationToken, Task<TAnswer>> ask)
        where TAnswer : Answer => RunAsync(context, tool, ask, answer =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsJsonAsync(answer, RiskJson.Options, context.RequestAborted);
        });

    /// <param name="ask">Reads the request and asks the use case.</param>
    /// <param name="write">Writes what it has answered.</param>
    public async Task RunAsync<TAnswer>(HttpContext context, string tool, Func<CallContext, CancellationToken, Task<TAnswer>> ask, Func<TAnswer, Task> write)
    {
        var call = new Call(NewRequestId(context), tool, context.Features.GetRequiredFeature<Caller>(), Channel.Http)
        {
            Asked = AskedIn(context),
        };
        try
        {
            // Read before taking a permit, so that a slow sender does not hold one. An unreadable body is still the outcome of this call.
            var refused = await ReadBodyAsync(context);
            var answer = await calls.RunAsync(call, refused is null ? ask : (_, _) => throw refused, context.RequestAborted);
            await write(answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
        }
        catch (RequestException error)
        {
            await Problem.Of(error, call.RequestId).WriteAsync(context);
        }
    }

    /// <summary>Answers a known caller that there is nothing of that path and method. It costs the caller a call, and leaves an audit entry with the path.</summary>
    /// <param name="status">Where it is more exact than the error's own.</param>
    public async Task RefuseAsync(HttpContext context, RequestException refusal, int status)
    {
        // Clients of MCP ask with every method that some revision of it had; that is the protocol's own traffic.
        var isProtocol = context.Request.Path.Equals(FrontendServices.McpPath);
        var call = new Call(NewRequestId(context), isProtocol ? ProtocolCalls.Tool : UnknownName.Tool, context.Features.GetRequiredFeature<Caller>(), isProtocol ? Channel.Mcp : Channel.Http)
        {
            Asked = UnknownName.Asked(context.Request.Method, context.Request.Path.Value ?? ""),
        };
        try
        {
            await calls.RunAsync<bool>(call, (_, _) => throw refusal, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
        }
        catch (RequestException error)
        {
            await Problem.Of(error, call.RequestId, ReferenceEquals(error, refusal) ? status : null).WriteAsync(context);
        }
    }

    /// <summary>Of the client, also behind a trusted proxy.</summary>
    public static string? AddressOf(HttpContext context) => ClientAddress.Of(context)?.ToString();

    /// <summary>A new id for the request, also sent as a response header.</summary>
    public static string NewRequestId(HttpContext context)
    {
        var requestId = Call.NewRequestId();
        context.Response.Headers[RequestIdHeader] = requestId;
        return requestId;
    }

    /// <returns>Why the body cannot be read; null where it was, or the route takes none.</returns>
    private async ValueTask<RequestException?> ReadBodyAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReadsBody>() is not { } route)
        {
            return null;
        }

        try
        {
            context.Features.Set(new RequestBody(await bodies.ReadAsync(context, route.MostBytes)));
            return null;
        }
        catch (RequestException refused)
        {
            return refused;
        }
    }

    private static Asked AskedIn(HttpContext context) => Asked.Of(
        context.Request.RouteValues.Keys.Concat(context.Request.Query.Keys),
        context.Request.RouteValues["desk"] as string ?? (context.Request.Query["desk"] is [var desk] ? desk : null));
}
