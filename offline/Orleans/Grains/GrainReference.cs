using Orleans.Offline;

namespace Orleans.Runtime;

/// <summary>The base of the generated classes through which grains are called.</summary>
[Immutable]
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private Activation? _lastTarget;

    private protected GrainReference(GrainFactory factory, GrainId grainId)
    {
        Factory = factory;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    public virtual string InterfaceName => nameof(IAddressable);

    internal GrainFactory Factory { get; }

    internal static GrainReference Untyped(GrainFactory factory, GrainId grainId) => new(factory, grainId);

    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable => this.AsReference<TGrainInterface>();

    public uint GetUniformHashCode() => GrainId.GetUniformHashCode();

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}";

    internal void Send(GrainRequest request)
    {
        var (activation, client) = Activation.Current is { } current ? (current, current.Silo.Client) : (null, Factory.Client);
        request.Prepare(GrainId, client, activation);
        _lastTarget = client.Cluster.Deliver(request, _lastTarget);
    }

    public static bool operator ==(GrainReference? left, GrainReference? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(GrainReference? left, GrainReference? right) => !(left == right);
}
