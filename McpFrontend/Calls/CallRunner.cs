using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Calls;

/// <summary>
/// Carries a call through a use case, the same for every way by which calls come: whether the caller may, for how long at most, what becomes
/// of an error, and what is remembered of it.
/// </summary>
internal sealed partial class CallRunner(IOptions<FrontendOptions> options, TimeProvider time, ILogger<CallRunner> logger)
{
    /// <param name="ask">Reads the input and asks the use case.</param>
    /// <param name="aborted">Nobody listens any more.</param>
    /// <exception cref="RequestException">There is no answer; the reason is for the one who asked, and has been counted and logged.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="aborted"/>.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(Call call, Func<Question, CancellationToken, Task<TAnswer>> ask, CancellationToken aborted)
    {
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
        var outcome = "ok";
        try
        {
            Right.Demand(call.Tool, call.Caller);
            // Also where something below does not heed the token, the caller hears in time.
            return await ask(new Question(call.RequestId, call.Caller, time.GetUtcNow()), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception exception)
        {
            var error = ErrorOf(exception);
            outcome = error.Code.Name();
            if (error.Code is RequestError.Internal or RequestError.Unavailable)
            {
                LogFailed(exception, call.RequestId, call.Tool, outcome);
            }

            throw error;
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            CallMetrics.Record(call.Tool, outcome, took);
            LogAnswered(call.RequestId, call.Tool, outcome, took.TotalMilliseconds);
        }
    }

    private RequestException ErrorOf(Exception exception) => exception switch
    {
        RequestException error => error,
        BadHttpRequestException bad => new RequestException(RequestError.InvalidInput, bad.Message, inner: bad),
        OperationCanceledException or TimeoutException => new RequestException(
            RequestError.Timeout, $"there was no answer within {options.Value.CallTimeout}; ask again, and for less if the list is long", inner: exception),
        OrleansException or DbException or IOException => new RequestException(
            RequestError.Unavailable, "a part of the system does not answer just now; ask again", inner: exception),
        _ => new RequestException(RequestError.Internal, "something went wrong on this side; tell the operator the request_id", inner: exception),
    };
}
