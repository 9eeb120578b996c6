using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Stands before the MCP endpoint: what cannot be read as a message is refused in the protocol's own form.</summary>
internal sealed class MessageGuard(RequestDelegate next, IOptions<McpOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MessageGuard.Mark>() is null)
        {
            await next(context);
            return;
        }

        var most = options.Value.MostMessageBytes;
        if (context.Request.ContentLength > most)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, TooLong());
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most;
        }

        try
        {
            await next(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLong() : bad.Message);
        }

        string TooLong() => $"the message is longer than {most} bytes; send less, or raise {McpOptions.Section}:{nameof(McpOptions.MostMessageBytes)}";
    }

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        var error = new JsonRpcError { Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidRequest, Message = message } };
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(error, McpJsonUtilities.DefaultOptions, context.RequestAborted);
    }

    /// <summary>Marks the endpoint that it guards.</summary>
    internal sealed class Mark
    {
        public static readonly Mark It = new();
    }
}
