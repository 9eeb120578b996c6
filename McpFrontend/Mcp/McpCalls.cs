using System.Text.Json;
using ModelContextProtocol;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.Calls;
using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Carries what is not a tool call through a use case: there an error is the protocol's, with the object that HTTP sends as its data.</summary>
internal sealed class McpCalls(CallRunner calls)
{
    /// <param name="tool">The use case.</param>
    /// <exception cref="McpProtocolException">There is no answer.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(
        Caller caller, string tool, Func<Question, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken, McpErrorCode notFound = McpErrorCode.InvalidParams)
    {
        var call = new Call(Call.NewRequestId(), tool, caller, Channel.Mcp);
        try
        {
            return await calls.RunAsync(call, ask, cancellationToken);
        }
        catch (RequestException error)
        {
            var code = error.Code switch
            {
                RequestError.NotFound => notFound,
                RequestError.InvalidInput or RequestError.Forbidden => McpErrorCode.InvalidParams,
                RequestError.RateLimited or RequestError.Conflict => McpErrorCode.InvalidRequest,
                _ => McpErrorCode.InternalError,
            };
            throw new McpProtocolException(error.Message, code)
            {
                Data = { ["error"] = JsonSerializer.SerializeToElement(Problem.Of(error, call.RequestId), RiskJson.Options) },
            };
        }
    }

    /// <summary>An answer as the text of a resource.</summary>
    public static string Json(Answer answer) => JsonSerializer.Serialize(answer, answer.GetType(), RiskJson.Options);
}
