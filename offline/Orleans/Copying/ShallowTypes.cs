using System.Collections.Frozen;
using Orleans.Serialization.Cloning;

namespace Orleans.Offline.Copying;

/// <summary>The types for which assemblies register a <see cref="ShallowCopier{T}"/> with [RegisterCopier]: their values are shared.</summary>
internal static class ShallowTypes
{
    private static readonly Lazy<FrozenSet<Type>> s_types = new(Find);

    internal static bool Contains(Type type) => s_types.Value.Contains(type);

    private static FrozenSet<Type> Find() => GrainClassMap.Assemblies()
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.IsDefined(typeof(RegisterCopierAttribute), inherit: false))
        .Select(copier => copier.BaseType)
        .OfType<Type>()
        .Where(parent => parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(ShallowCopier<>))
        .Select(parent => parent.GetGenericArguments()[0])
        .ToFrozenSet();
}
