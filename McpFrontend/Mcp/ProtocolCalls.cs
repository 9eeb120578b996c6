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
/// count in their user's rate, in the metrics and in the audit log, also where they are refused. What reaches a use case is accounted for there.
/// </summary>
internal sealed class ProtocolCalls(CallRunner calls)
{
    public const string Tool = UseCaseNames.McpProtocol;

    /// <summary>In the audit log, instead of a method that is not there or cannot be read.</summary>
    private const string Unnamed = "no method";

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
    /// <param name="forwarded">Learns that a message with a method came so far.</param>
    public McpMessageFilter Account(Caller caller, ForwardedMessage? forwarded) => next => async (context, cancellationToken) =>
    {
        var method = context.JsonRpcMessage switch
        {
            JsonRpcRequest request => request.Method,
            JsonRpcNotification notification => notification.Method,
            _ => null,
        };
        if (method is not null)
        {
            forwarded?.Arrived();
        }

        if (method is null || s_carried.Contains(method))
        {
            await next(context, cancellationToken);
            return;
        }

        var call = CallOf(caller, method);
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

    /// <summary>Accounts for a message of which nothing is carried out, and for a request in which no message can be read.</summary>
    /// <param name="method">Null where none can be read.</param>
    /// <param name="refusal">Null where there is nothing to refuse.</param>
    /// <returns>The error for the caller: the refusal, or the rate limit; null where there is none.</returns>
    public async Task<RequestException?> LeftOutAsync(Caller caller, string? method, RequestException? refusal, CancellationToken cancellationToken)
    {
        try
        {
            await calls.RunAsync(CallOf(caller, method), (_, _) => refusal is null ? Task.FromResult(true) : throw refusal, cancellationToken);
            return null;
        }
        catch (RequestException error)
        {
            return error;
        }
    }

    private static Call CallOf(Caller caller, string? method) => new(Call.NewRequestId(), Tool, caller, Channel.Mcp)
    {
        Asked = new Asked(method is null ? Unnamed : method.Length <= MostMethodChars && method.All(IsUsual) ? method : VisibleText.QuotedUpTo(method, MostMethodChars), null),
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

/// <summary>A message that the guard has passed on to the SDK, which refuses some by their headers before any handler sees them. A feature of the request.</summary>
internal sealed class ForwardedMessage
{
    /// <summary>It has come to the handlers, which account for it.</summary>
    public bool HasArrived { get; private set; }

    public void Arrived() => HasArrived = true;
}
