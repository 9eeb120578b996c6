using Orleans.Offline;
using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain with one state, kept in the default grain storage or the one its [StorageProvider] names.</summary>
public class Grain<TGrainState> : Grain
{
    private readonly IPersistentState<TGrainState> _storage;

    protected Grain()
    {
        var provider = GetType().GetCustomAttributes(typeof(Providers.StorageProviderAttribute), inherit: true);
        var storageName = provider.Length > 0 ? ((Providers.StorageProviderAttribute)provider[0]).ProviderName : null;
        _storage = PersistentState<TGrainState>.Create(Activation.Of(GrainContext), GetType().FullName!, storageName);
    }

    protected TGrainState State
    {
        get => _storage.State;
        set => _storage.State = value;
    }

    protected virtual Task ReadStateAsync() => _storage.ReadStateAsync();

    protected virtual Task WriteStateAsync() => _storage.WriteStateAsync();

    protected virtual Task ClearStateAsync() => _storage.ClearStateAsync();
}
