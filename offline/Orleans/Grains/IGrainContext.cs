namespace Orleans.Runtime;

/// <summary>What the runtime knows of one activation.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    GrainReference GrainReference { get; }

    GrainId GrainId { get; }

    object? GrainInstance { get; }

    ActivationId ActivationId { get; }

    IServiceProvider ActivationServices { get; }

    IGrainLifecycle ObservableLifecycle { get; }

    /// <summary>Ends when the activation is gone.</summary>
    Task Deactivated { get; }

    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);

    TComponent? GetComponent<TComponent>()
        where TComponent : class;

    void SetComponent<TComponent>(TComponent? value)
        where TComponent : class;
}
