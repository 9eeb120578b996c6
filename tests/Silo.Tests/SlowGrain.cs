using Orleans;
using Orleans.Concurrency;

namespace RiskMonitor.Silo.Tests;

/// <summary>Leaves its first calls without an answer, as a silo does that has just died.</summary>
[Alias("RiskMonitor.Tests.ISlowGrain")]
public interface ISlowGrain : IGrainWithStringKey
{
    /// <returns>Which call it was.</returns>
    [AlwaysInterleave]
    [Alias("Answer")]
    Task<int> AnswerAsync(int unanswered);
}

[GrainType("slow")]
internal sealed class SlowGrain : Grain, ISlowGrain
{
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public async Task<int> AnswerAsync(int unanswered)
    {
        var call = ++_calls;
        if (call <= unanswered)
        {
            await _never.Task;
        }

        return call;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _never.TrySetResult();
        return Task.CompletedTask;
    }
}
