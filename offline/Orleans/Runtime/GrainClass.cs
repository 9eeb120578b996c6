using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>A grain class: its name in ids, what its attributes ask for, and how it is constructed.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _construct;
    private readonly (Type State, PersistentStateAttribute Attribute)[] _states;

    internal GrainClass(Type type)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.Type ?? GrainType.Create(ConventionalName(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        KeepAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        AgeLimit = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit;
        PrefersCaller = type.IsDefined(typeof(PreferLocalPlacementAttribute), inherit: true);
        _states = PersistentStates(type);
        _construct = ActivatorUtilities.CreateFactory(type, [.. _states.Select(state => typeof(IPersistentState<>).MakeGenericType(state.State))]);
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool Reentrant { get; }

    internal bool KeepAlive { get; }

    internal bool PrefersCaller { get; }

    private TimeSpan? AgeLimit { get; }

    /// <summary>How long an activation may be idle; null for ever.</summary>
    internal TimeSpan? CollectionAge(GrainCollectionOptions options)
    {
        if (KeepAlive || AgeLimit == TimeSpan.MaxValue)
        {
            return null;
        }

        return options.ClassSpecificCollectionAge.TryGetValue(Type.FullName!, out var age) ? age : AgeLimit ?? options.CollectionAge;
    }

    /// <summary>Constructs the grain; this is a turn of the activation.</summary>
    internal object Construct(Activation activation)
    {
        var states = new object[_states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var (state, attribute) = _states[i];
            states[i] = PersistentState.Create(state, activation, attribute.StateName, attribute.StorageName);
        }

        return _construct(activation.ActivationServices, states);
    }

    private static string ConventionalName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }

    private static (Type State, PersistentStateAttribute Attribute)[] PersistentStates(Type type)
    {
        var constructors = type.GetConstructors();
        var constructor = constructors.FirstOrDefault(c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(c => c.GetParameters().Length);
        return
        [
            .. from parameter in constructor?.GetParameters() ?? []
               let attribute = parameter.GetCustomAttribute<PersistentStateAttribute>()
               where attribute is not null
               select (parameter.ParameterType.GetGenericArguments()[0], attribute),
        ];
    }
}
