using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Offline;

/// <summary>A state of an activation over its storage.</summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>, ILifecycleObserver
{
    private readonly Activation _activation;
    private readonly IGrainStorage _storage;
    private readonly string _name;
    private readonly GrainState<TState> _state = new(Blank.Create<TState>());
    private bool _loaded;

    private PersistentState(Activation activation, string name, IGrainStorage storage)
    {
        _activation = activation;
        _name = name;
        _storage = storage;
        activation.ObservableLifecycle.Subscribe(nameof(PersistentState<>), GrainLifecycleStage.SetupState, this);
    }

    public TState State
    {
        get
        {
            _activation.CheckTurn();
            return _state.State!;
        }

        set
        {
            _activation.CheckTurn();
            _state.State = value;
        }
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _loaded ? _state.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    internal static PersistentState<TState> Create(Activation activation, string stateName, string? storageName)
    {
        var services = activation.ActivationServices;
        var storage = string.IsNullOrWhiteSpace(storageName) ? services.GetService<IGrainStorage>() : services.GetKeyedService<IGrainStorage>(storageName);
        return new(activation, stateName, storage ?? throw new BadProviderConfigException(string.IsNullOrEmpty(storageName)
            ? $"No default storage provider found loading grain type {activation.GrainId.Type}."
            : $"No storage provider named \"{storageName}\" found loading grain type {activation.GrainId.Type}."));
    }

    public Task OnStart(CancellationToken cancellationToken) => ReadStateAsync();

    public Task OnStop(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task ReadStateAsync()
    {
        await Use(_storage.ReadStateAsync);
        _loaded = true;
    }

    public Task WriteStateAsync() => Use(_storage.WriteStateAsync);

    public Task ClearStateAsync() => Use(_storage.ClearStateAsync);

    private async Task Use(Func<string, GrainId, IGrainState<TState>, Task> operation, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        _activation.CheckTurn(name);
        try
        {
            await operation(_name, _activation.GrainId, _state);
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            throw new OrleansException($"Error from storage provider {_storage.GetType().Name}.{_name} during {name} for grain {_activation.GrainId}: {exception.Message}", exception);
        }
    }
}

/// <summary>Makes states for constructor parameters.</summary>
internal static class PersistentState
{
    private static readonly ConcurrentDictionary<Type, Func<Activation, string, string?, object>> s_factories = new();

    internal static object Create(Type state, Activation activation, string stateName, string? storageName)
    {
        var factory = s_factories.GetOrAdd(state, static state => typeof(PersistentState<>).MakeGenericType(state)
            .GetMethod(nameof(Create), BindingFlags.Static | BindingFlags.NonPublic)!
            .CreateDelegate<Func<Activation, string, string?, object>>());
        return factory(activation, stateName, storageName);
    }
}
