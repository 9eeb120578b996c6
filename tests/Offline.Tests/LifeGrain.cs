using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Offline.Tests;

/// <summary>A grain that tells when it comes and goes.</summary>
[Alias("test.life")]
public interface ILifeGrain : IGrainWithStringKey
{
    [Alias("id")]
    Task<string> ActivationAsync();

    [Alias("silo")]
    Task<string> SiloAsync();

    [Alias("leave")]
    Task LeaveAsync();

    [Alias("leaveafter")]
    Task LeaveAfterAsync(string gate);

    [Alias("wait")]
    Task WaitAsync(string gate);

    [Alias("fail")]
    Task FailAsync(string message);

    [Alias("cancel")]
    Task WaitForCancellationAsync(string begun, string cancelled, CancellationToken cancellationToken);
}

/// <inheritdoc cref="ILifeGrain"/>
public sealed class LifeGrain(ILocalSiloDetails silo) : Grain, ILifeGrain
{
    private readonly string _activation = Guid.NewGuid().ToString("N");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Signals.See(this.GetPrimaryKeyString(), "activated");
        return this.GetPrimaryKeyString().StartsWith("broken", StringComparison.Ordinal) && Signals.Seen(this.GetPrimaryKeyString()).Count == 1
            ? throw new InvalidOperationException("not yet")
            : Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.See(this.GetPrimaryKeyString(), $"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<string> ActivationAsync() => Task.FromResult(_activation);

    public Task<string> SiloAsync() => Task.FromResult(silo.Name);

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task LeaveAfterAsync(string gate)
    {
        DeactivateOnIdle();
        Signals.Open($"begun {gate}");
        await Signals.WaitAsync(gate);
    }

    public async Task WaitAsync(string gate)
    {
        Signals.Open($"begun {gate}");
        await Signals.WaitAsync(gate);
        Signals.See(this.GetPrimaryKeyString(), "went on");
    }

    public Task FailAsync(string message) => throw new FormatException(message);

    public async Task WaitForCancellationAsync(string begun, string cancelled, CancellationToken cancellationToken)
    {
        Signals.Open(begun);
        try
        {
            await Task.Delay(Cluster.Deadline, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signals.Open(cancelled);
            throw;
        }
    }
}
