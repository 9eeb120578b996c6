using System.Text.Json;
using ModelContextProtocol;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Carries what is not a tool call through a use case: there an error is the protocol's, with the object that HTTP sends as its data.</summary>
internal sealed class McpCalls(CallRunner calls)
{
    /// <param name="tool">The use case.</param>
    /// <param name="asked">For the audit log.</param>
    /// <exception cref="McpProtocolException">There is no answer.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(
        Caller caller, string tool, Asked asked, Func<CallContext, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken, McpErrorCode notFound = McpErrorCode.InvalidParams)
    {
        var call = new Call(Call.NewRequestId(), tool, caller, Channel.Mcp) { Asked = asked };
        try
        {
            return await calls.RunAsync(call, ask, cancellationToken);
        }
        catch (RequestException error)
        {
            throw Translated(error, call, notFound);
        }
    }

    /// <summary>Refuses what is not there, or not for this caller. It costs the caller a call, and leaves an audit entry with the name.</summary>
    /// <param name="method">By which it was asked for.</param>
    /// <param name="name">As the caller wrote it.</param>
    /// <returns>What to throw: the refusal, or that the caller asks too often.</returns>
    public async Task<McpProtocolException> RefusedAsync(Caller caller, string method, string name, McpProtocolException refusal, CancellationToken cancellationToken)
    {
        var call = new Call(Call.NewRequestId(), UnknownName.Tool, caller, Channel.Mcp) { Asked = UnknownName.Asked(method, name) };
        var notThere = new RequestException(RequestError.NotFound, refusal.Message);
        try
        {
            return await calls.RunAsync<McpProtocolException>(call, (_, _) => throw notThere, cancellationToken);
        }
        catch (RequestException error)
        {
            return ReferenceEquals(error, notThere) ? refusal : Translated(error, call, McpErrorCode.InvalidParams);
        }
    }

    /// <summary>A use case's error in the protocol's form.</summary>
    public static McpProtocolException Translated(RequestException error, Call call, McpErrorCode notFound) => new(
        error.Message,
        error.Code switch
        {
            RequestError.NotFound => notFound,
            RequestError.InvalidInput or RequestError.Forbidden => McpErrorCode.InvalidParams,
            RequestError.RateLimited or RequestError.Conflict => McpErrorCode.InvalidRequest,
            _ => McpErrorCode.InternalError,
        })
    {
        Data = { ["error"] = JsonSerializer.SerializeToElement(Problem.Of(error, call.RequestId), RiskJson.Options) },
    };

    /// <summary>An answer as the text of a resource, which models read: the same JSON, with what cannot be seen in it as escapes.</summary>
    public static string Json(Answer answer) => VisibleText.Escaped(JsonSerializer.Serialize(answer, answer.GetType(), RiskJson.Options));
}
