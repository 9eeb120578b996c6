using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Answers what never reached a use case: the SDK itself says of parameters that it cannot read no more than that an error occurred.
/// </summary>
internal sealed partial class UnreadableMessages(ILogger<UnreadableMessages> logger)
{
    public McpMessageHandler Guard(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        try
        {
            await next(message, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            LogUnreadable(exception);
            throw new McpProtocolException("the params cannot be read; send what the method's schema asks for, arguments as an object, texts as whole Unicode", McpErrorCode.InvalidParams);
        }
        catch (Exception exception) when (exception is not (McpException or OperationCanceledException or IOException))
        {
            var requestId = Call.NewRequestId();
            LogFailed(exception, requestId);
            throw new McpProtocolException($"something went wrong on this side; tell the operator the request_id {requestId}", McpErrorCode.InternalError);
        }
    };
}
