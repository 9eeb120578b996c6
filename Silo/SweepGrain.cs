using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace RiskMonitor.Silo;

/// <summary>Runs the <see cref="Sweep"/> at its interval, one after the other. Its state is in memory: the next activation takes up everything.</summary>
[GrainType("sweep")]
[Immovable]
internal sealed class SweepGrain(IServiceProvider services, ILocalSiloDetails silo, IOptions<SweepOptions> options) : Grain, ISweepGrain
{
    private readonly Sweep _sweep = ActivatorUtilities.CreateInstance<Sweep>(services);
    private Task _running = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(RunAsync, new GrainTimerCreationOptions(TimeSpan.Zero, options.Value.Interval) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<SiloAddress> KeepAsync(bool takeUpAll)
    {
        if (takeUpAll)
        {
            _sweep.TakeUpAll();
        }

        return Task.FromResult(silo.SiloAddress);
    }

    /// <summary>Waits for the sweep that runs, which the end of its timer cancels, so that it does not outlive the silo's stores.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The sweep runs beside the turns of the grain, because SQLite reads on the thread that asks.</summary>
    private Task RunAsync(CancellationToken cancellationToken) => _running = Task.Run(() => _sweep.RunAsync(cancellationToken), cancellationToken);
}
