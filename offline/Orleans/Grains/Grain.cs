using Orleans.Offline;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The usual base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain()
        : this(Activation.Current!)
    {
    }

    protected Grain(IGrainContext grainContext)
    {
        GrainContext = grainContext;
    }

    public IGrainContext GrainContext { get; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    public string RuntimeIdentity => Activation.Of(GrainContext).Silo.Address.ToString();

    protected IGrainFactory GrainFactory => Activation.Of(GrainContext).Silo.Factory;

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deactivates this activation once the requests it runs have ended.</summary>
    protected void DeactivateOnIdle() =>
        GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    /// <summary>Keeps an idle activation for at least this long; zero or less takes it back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.Of(GrainContext).DelayDeactivation(timeSpan);
}
