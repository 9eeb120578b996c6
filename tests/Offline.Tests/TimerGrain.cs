using Orleans;

namespace RiskMonitor.Offline.Tests;

/// <summary>A grain with a timer.</summary>
[Alias("test.timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task StartAsync(TimeSpan dueTime, TimeSpan period, bool fails);

    [Alias("wait")]
    Task WaitAsync(string gate);

    [Alias("leave")]
    Task LeaveAsync();
}

/// <inheritdoc cref="ITimerGrain"/>
public sealed class TimerGrain : Grain, ITimerGrain
{
    private bool _busy;

    public Task StartAsync(TimeSpan dueTime, TimeSpan period, bool fails)
    {
        this.RegisterGrainTimer(
            token =>
            {
                Signals.See(this.GetPrimaryKeyString(), _busy ? "tick in a request" : "tick");
                token.Register(() => Signals.Open($"stopped {this.GetPrimaryKeyString()}"));
                return fails ? throw new InvalidOperationException("tick") : Task.CompletedTask;
            },
            dueTime,
            period);
        return Task.CompletedTask;
    }

    public async Task WaitAsync(string gate)
    {
        _busy = true;
        Signals.Open($"begun {gate}");
        await Signals.WaitAsync(gate);
        _busy = false;
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
