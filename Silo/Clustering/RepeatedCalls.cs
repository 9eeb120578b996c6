using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace RiskMonitor.Silo.Clustering;

/// <summary>
/// Repeats a frontend's grain call when the silo does not answer in time or has gone. An ingest repeats its calls itself, with the batches that it has
/// then. The client's response timeout bounds each attempt. Every call of our grains may be repeated: grains recognise what they have applied.
/// </summary>
internal sealed class RepeatedCalls(OrleansCallBounds bounds, CallMetrics metrics, TimeProvider clock) : IOutgoingGrainCallFilter
{
    /// <summary>A silo that refuses at once is given this long, times the attempts so far, to leave the directory.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception exception) when (attempt < bounds.Attempts && IsPassing(exception))
            {
                metrics.Repeated(exception is TimeoutException ? "timeout" : "unreachable");
                if (exception is not TimeoutException)
                {
                    await Task.Delay(s_pause * attempt, clock);
                }
            }
        }
    }

    private static bool IsPassing(Exception exception) => exception is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException;
}

/// <param name="Attempts">How often a call is made at the most.</param>
internal sealed record OrleansCallBounds(int Attempts);
