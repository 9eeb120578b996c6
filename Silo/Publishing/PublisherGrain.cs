using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace RiskMonitor.Silo.Publishing;

/// <summary>
/// Runs the <see cref="Publisher"/> beside its turns. Orleans keeps one activation, except for a moment around the death of a silo; then the brokers let only
/// the newest one write.
/// </summary>
[GrainType("publisher")]
[Immovable]
internal sealed class PublisherGrain(IServiceProvider services) : Grain, IPublisherGrain
{
    private readonly CancellationTokenSource _deactivated = new();
    private Task _running = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var publisher = ActivatorUtilities.CreateInstance<Publisher>(services);
        _running = Task.Run(() => publisher.RunAsync(_deactivated.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task KeepAsync()
    {
        if (_running.IsCompleted)
        {
            // Somebody else publishes, or the publisher failed: the next call finds who it is, or begins anew.
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivated.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }
}
