using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// Carries a call through a use case, the same for every way by which calls come: whether the caller may, how often and for how long at most,
/// what becomes of an error, and what is remembered of it.
/// </summary>
public sealed partial class CallRunner(IOptions<UseCaseOptions> options, Admission admission, AuditTrail audit, UseCaseMetrics metrics, TimeProvider time, ILogger<CallRunner> logger)
{
    /// <param name="ask">Reads the input and asks the use case.</param>
    /// <param name="aborted">Cancelled when the client closes its connection.</param>
    /// <exception cref="RequestException">There is no answer; the reason is for the one who asked, and has been counted and logged.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="aborted"/>.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(Call call, Func<CallContext, CancellationToken, Task<TAnswer>> ask, CancellationToken aborted)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        using var end = new CancellationTokenSource(options.Value.TimeoutOf(call.Tool), time);
        await using var link = aborted.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);
        var outcome = "ok";
        var (hasBegun, isAnnounced) = (false, false);
        try
        {
            using var permit = await admission.EnterAsync(call, end.Token);
            if (Right.Demand(call.Tool, call.Caller).Changes)
            {
                // A change must not happen without an audit entry.
                await audit.AnnounceAsync(Entry(call, at, AuditEntry.Begun, TimeSpan.Zero));
                isAnnounced = true;
            }

            hasBegun = true;
            // Ends in time even where something below ignores the token.
            return await ask(new CallContext(call.RequestId, call.Caller, time.GetUtcNow()), end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception exception)
        {
            var error = ErrorOf(exception, call.Tool);
            outcome = error.Code.Name();
            // What was refused on purpose is no failure, and there may be very many of them.
            if (error.Code is RequestError.Internal or RequestError.Unavailable && !ReferenceEquals(error, exception))
            {
                LogFailed(exception, call.RequestId, call.Tool, outcome);
            }

            throw error;
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            metrics.Answered(call.Tool, outcome, took);
            LogAnswered(call.RequestId, call.Tool, outcome, took.TotalMilliseconds);
            if (isAnnounced)
            {
                await audit.ConcludeAsync(Entry(call, at, outcome, took));
            }
            else if (!call.IsRefresh || outcome is not ("ok" or "cancelled"))
            {
                audit.Record(Entry(call, at, outcome, took), isRefusal: !hasBegun);
            }
        }
    }

    private static AuditEntry Entry(Call call, DateTimeOffset at, string outcome, TimeSpan took) => new(
        at,
        call.Caller.Identity,
        call.Caller.Address,
        call.Channel.Name(),
        call.Tool,
        call.Caller.ScopeText,
        call.Caller.Clearance.Name(),
        outcome,
        call.RequestId,
        took,
        call.Asked.Arguments,
        call.Asked.Desk);

    private RequestException ErrorOf(Exception exception, string tool) => exception switch
    {
        RequestException error => error,
        OperationCanceledException or TimeoutException => new RequestException(
            RequestError.Timeout, $"there was no answer within {options.Value.TimeoutOf(tool)}; ask again, and for less if the list is long", inner: exception),
        DeskUnavailableException unavailable => new RequestException(
            RequestError.Unavailable, $"{unavailable.Message}; an operator has to repair it, all other desks answer", inner: exception),
        DeskUnreadableException or InvalidDataException => new RequestException(
            RequestError.Unavailable, "what is stored of this cannot be read; tell the operator the request_id", inner: exception),
        // A write that failed or was overtaken: what is stored is loaded again, and the same call may succeed.
        StaleAlertException => new RequestException(
            RequestError.Unavailable, "the alert is being loaded again; send the same request again", inner: exception),
        OrleansException or DbException or IOException => new RequestException(
            RequestError.Unavailable, "a part of the system does not answer just now; ask again", inner: exception),
        _ => new RequestException(RequestError.Internal, "something went wrong on this side; tell the operator the request_id", inner: exception),
    };
}
