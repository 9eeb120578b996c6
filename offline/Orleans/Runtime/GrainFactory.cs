using Orleans.Offline.Proxies;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>Makes grain references for one caller.</summary>
internal sealed class GrainFactory(RuntimeClient client, IServiceProvider services) : IGrainFactory, IClusterClient
{
    public IServiceProvider ServiceProvider => services;

    internal RuntimeClient Client => client;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Get<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => ProxyFactory<TGrainInterface>.Create(this, grainId);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => Get(grainInterfaceType, IdSpan.Create(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => Get(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => Get(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IAddressable GetGrain(GrainId grainId) => GrainReference.Untyped(this, grainId);

    internal object CreateReference(Type grainInterface, GrainId grainId) => ProxyBuilder.FactoryFor(grainInterface)(this, grainId);

    private TGrainInterface Get<TGrainInterface>(IdSpan key, string? prefix) =>
        ProxyFactory<TGrainInterface>.Create(this, new GrainId(GrainTypeOf<TGrainInterface>(prefix), key));

    private IGrain Get(Type grainInterface, IdSpan key) =>
        (IGrain)CreateReference(grainInterface, new GrainId(GrainClassMap.Implementing(grainInterface, null).GrainType, key));

    private static GrainType GrainTypeOf<TGrainInterface>(string? prefix) => prefix is null
        ? Conventional<TGrainInterface>.Type
        : GrainClassMap.Implementing(typeof(TGrainInterface), prefix).GrainType;

    private static class Conventional<TGrainInterface>
    {
        private static GrainClass? s_class;

        // Not a static initialiser: a missing implementation must not poison the type for later.
        internal static GrainType Type => (s_class ??= GrainClassMap.Implementing(typeof(TGrainInterface), null)).GrainType;
    }
}
