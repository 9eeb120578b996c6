using Orleans;
using Orleans.Concurrency;

namespace RiskMonitor.Offline.Tests;

/// <summary>A grain whose requests wait at gates.</summary>
[Alias("test.turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string gate);

    [ReadOnly]
    [Alias("read")]
    Task<int> ReadAsync(string gate);

    [AlwaysInterleave]
    [Alias("peek")]
    Task<int> PeekAsync();

    [AlwaysInterleave]
    [Alias("count")]
    ValueTask CountAsync();

    [Alias("call")]
    Task CallAsync(string other);

    [Alias("hops")]
    Task<bool> StaysOnItsSchedulerAsync();
}

/// <inheritdoc cref="ITurnGrain"/>
public sealed class TurnGrain : Grain, ITurnGrain
{
    private int _count;

    public async Task WriteAsync(string gate)
    {
        Signals.See(this.GetPrimaryKeyString(), $"begin {gate}");
        Signals.Open($"begun {gate}");
        await Signals.WaitAsync(gate);
        Signals.See(this.GetPrimaryKeyString(), $"end {gate}");
    }

    public async Task<int> ReadAsync(string gate)
    {
        Signals.Open($"begun {gate}");
        await Signals.WaitAsync(gate);
        return _count;
    }

    public Task<int> PeekAsync() => Task.FromResult(_count);

    public async ValueTask CountAsync()
    {
        // Not atomic: right only because turns do not overlap.
        var before = _count;
        Thread.SpinWait(50);
        _count = before + 1;
        await Task.Yield();
        before = _count;
        Thread.SpinWait(50);
        _count = before + 1;
    }

    public Task CallAsync(string other) => GrainFactory.GetGrain<ITurnGrain>(other).CallAsync(this.GetPrimaryKeyString());

    public async Task<bool> StaysOnItsSchedulerAsync()
    {
        var before = TaskScheduler.Current;
        await Task.Run(() => { });
        return before != TaskScheduler.Default && TaskScheduler.Current == before;
    }
}
