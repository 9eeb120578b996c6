using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Carries a request through a use case: who asks, for how long at most, and what becomes of an error.</summary>
internal sealed partial class RequestRunner(CallerSource callers, IOptions<FrontendOptions> options, TimeProvider time, ILogger<RequestRunner> logger)
{
    private const string RequestIdHeader = "x-request-id";
    private const int ClientClosedRequest = 499;

    /// <param name="ask">Reads the request and asks the use case.</param>
    public async Task RunAsync<TAnswer>(HttpContext context, string tool, Func<Question, CancellationToken, Task<TAnswer>> ask)
        where TAnswer : Answer
    {
        var started = time.GetTimestamp();
        var requestId = NewRequestId(context);
        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        string outcome;
        try
        {
            // Also where something below does not heed the token, the caller hears in time.
            var answer = await ask(new Question(requestId, callers.Of(context), time.GetUtcNow()), either.Token).WaitAsync(either.Token);
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(answer, RiskJson.Options, either.Token);
            outcome = "ok";
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
            context.Response.StatusCode = ClientClosedRequest;
            outcome = "cancelled";
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var error = ErrorOf(exception);
            if (error.Code is RequestError.Internal or RequestError.Unavailable)
            {
                LogFailed(exception, requestId, tool, error.Code.Name());
            }

            outcome = error.Code.Name();
            await Problem.Of(error, requestId, (exception as BadHttpRequestException)?.StatusCode).WriteAsync(context);
        }

        var took = time.GetElapsedTime(started);
        FrontendMetrics.Record(tool, outcome, took);
        LogAnswered(requestId, tool, outcome, took.TotalMilliseconds);
    }

    /// <summary>A new id for the request, told in a header too.</summary>
    public static string NewRequestId(HttpContext context)
    {
        var requestId = $"req_{Guid.NewGuid():N}";
        context.Response.Headers[RequestIdHeader] = requestId;
        return requestId;
    }

    private RequestException ErrorOf(Exception exception) => exception switch
    {
        RequestException error => error,
        BadHttpRequestException bad => new RequestException(RequestError.InvalidInput, bad.Message),
        OperationCanceledException or TimeoutException => new RequestException(
            RequestError.Timeout, $"there was no answer within {options.Value.CallTimeout}; ask again, and for less if the list is long"),
        OrleansException or DbException or IOException => new RequestException(RequestError.Unavailable, "a part of the system does not answer just now; ask again"),
        _ => new RequestException(RequestError.Internal, "something went wrong on this side; tell the operator the request_id"),
    };
}
