using System.Runtime.ExceptionServices;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Accounts for the messages of the protocol itself (initialize, ping, lists, notifications, methods that are not there) as for any call: they
/// count in their user's rate, in the metrics and in the audit log. What reaches a use case is accounted for there.
/// </summary>
internal sealed class ProtocolCalls(CallRunner calls)
{
    public const string Tool = UseCaseNames.McpProtocol;

    private const int MostMethodChars = 60;

    /// <summary>Carried through use cases, by those who handle them.</summary>
    private static readonly HashSet<string> s_carried = new(StringComparer.Ordinal)
    {
        RequestMethods.ToolsCall,
        RequestMethods.ResourcesRead,
        RequestMethods.ResourcesList,
        RequestMethods.PromptsGet,
        RequestMethods.CompletionComplete,
        RequestMethods.SubscriptionsListen,
    };

    /// <summary>The message filter that does so for a caller.</summary>
    public McpMessageFilter Account(Caller caller) => next => async (context, cancellationToken) =>
    {
        var method = context.JsonRpcMessage switch
        {
            JsonRpcRequest request => request.Method,
            JsonRpcNotification notification => notification.Method,
            _ => null,
        };
        if (method is null || s_carried.Contains(method))
        {
            await next(context, cancellationToken);
            return;
        }

        var call = new Call(Call.NewRequestId(), Tool, caller, Channel.Mcp)
        {
            Asked = new Asked(method.Length <= MostMethodChars && method.All(IsUsual) ? method : VisibleText.QuotedUpTo(method, MostMethodChars), null),
        };
        Exception? failure = null;
        try
        {
            await calls.RunAsync(
                call,
                async (_, token) =>
                {
                    try
                    {
                        await next(context, token);
                        return true;
                    }
                    catch (Exception exception) when (exception is not OperationCanceledException)
                    {
                        // Who answers the message knows what to make of it; here only the kind counts.
                        failure = exception;
                        throw new RequestException(CodeOf(exception), exception.Message);
                    }
                },
                cancellationToken);
        }
        catch (RequestException error)
        {
            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            throw McpCalls.Translated(error, call, McpErrorCode.MethodNotFound);
        }
    };

    private static bool IsUsual(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-' or '.' or '$';

    private static RequestError CodeOf(Exception exception) => exception switch
    {
        McpProtocolException { ErrorCode: McpErrorCode.MethodNotFound or McpErrorCode.ResourceNotFound } => RequestError.NotFound,
        McpProtocolException { ErrorCode: McpErrorCode.InternalError } => RequestError.Internal,
        McpException or JsonException or InvalidOperationException or ArgumentException => RequestError.InvalidInput,
        _ => RequestError.Internal,
    };
}
