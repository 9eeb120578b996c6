using Orleans.Runtime;

namespace Orleans.Offline.Proxies;

/// <summary>Constructs references of one grain interface.</summary>
internal static class ProxyFactory<TGrainInterface>
{
    private static Func<GrainFactory, GrainId, object>? s_construct;

    internal static TGrainInterface Create(GrainFactory factory, GrainId grainId) =>
        (TGrainInterface)(s_construct ??= ProxyBuilder.FactoryFor(typeof(TGrainInterface)))(factory, grainId);
}
