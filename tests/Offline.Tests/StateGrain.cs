using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RiskMonitor.Offline.Tests;

/// <summary>A counter in storage.</summary>
[GenerateSerializer]
[Alias("test.counter")]
public sealed class Counter
{
    [Id(0)]
    public int Value { get; set; }
}

/// <summary>A grain with a state.</summary>
[Alias("test.state")]
public interface IStateGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> AddAsync(bool save);

    [Alias("exists")]
    Task<bool> ExistsAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("leave")]
    Task LeaveAsync();

    [Alias("conflict")]
    Task ConflictAsync();
}

/// <inheritdoc cref="IStateGrain"/>
public sealed class StateGrain([PersistentState("counter")] IPersistentState<Counter> counter) : Grain, IStateGrain
{
    public async Task<int> AddAsync(bool save)
    {
        counter.State.Value++;
        if (save)
        {
            await counter.WriteStateAsync();
        }

        return counter.State.Value;
    }

    public Task<bool> ExistsAsync() => Task.FromResult(counter.RecordExists);

    public Task ClearAsync() => counter.ClearStateAsync();

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ConflictAsync() => throw new InconsistentStateException("somebody else wrote", "stored", "known");
}
