using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Text;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Offline.Copying;

/// <summary>Decides which types nobody can change: all that can be reached from them is read-only.</summary>
internal static class Sharing
{
    private static readonly ConcurrentDictionary<Type, bool> s_shared = new();
    private static readonly ConcurrentDictionary<Assembly, Type[]> s_types = new();

    private static readonly FrozenSet<Type> s_values = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Uri), typeof(Version), typeof(BigInteger), typeof(Int128), typeof(UInt128), typeof(Half), typeof(Rune), typeof(Index), typeof(Range),
        typeof(IPAddress), typeof(IPEndPoint), typeof(CultureInfo), typeof(CompareInfo), typeof(CancellationToken), typeof(TimeZoneInfo), typeof(DBNull),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> s_containers = new[]
    {
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(FrozenSet<>), typeof(FrozenDictionary<,>),
    }.ToFrozenSet();

    /// <summary>Whether every value of the declared type, or of exactly this type, can be shared.</summary>
    internal static bool IsShared(Type type, bool exact) => exact
        ? IsValue(type) || Reach(type, exact: true)
        : s_shared.GetOrAdd(type, static type => Reach(type, exact: false));

    private static bool IsValue(Type type) =>
        type.IsPrimitive || type.IsEnum || s_values.Contains(type) || type.IsDefined(typeof(ImmutableAttribute), inherit: false)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Immutable<>))
        || typeof(Type).IsAssignableFrom(type) || typeof(GrainReference).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type);

    private static bool Reach(Type root, bool exact)
    {
        var seen = new HashSet<Type> { root };
        var open = new Stack<Type>(seen);
        while (open.TryPop(out var type))
        {
            if (IsValue(type))
            {
                continue;
            }

            if (Inside(type, exact && type == root) is not { } next)
            {
                return false;
            }

            foreach (var inner in next.Where(seen.Add))
            {
                open.Push(inner);
            }
        }

        return true;
    }

    // The types that must be read-only for this one to be; null when this one is not.
    private static IEnumerable<Type>? Inside(Type type, bool exact)
    {
        if (type.IsGenericType && IsContainer(type))
        {
            return type.GetGenericArguments();
        }

        var isSurrogate = Converters.TryGet(type, out _, out _);
        if (type.IsArray || type.IsInterface || type == typeof(object) || (!WireMembers.IsMarked(type) && !isSurrogate))
        {
            return null;
        }

        // A struct whose fields can be set is a copy of its own already.
        var fields = WireMembers.Fields(type);
        if (fields.Any(f => !f.Field.IsInitOnly && !type.IsValueType) || (!isSurrogate && fields.Any(f => !f.OnWire)))
        {
            return null;
        }

        var inside = fields.Select(f => f.Field.FieldType);
        return type.IsSealed || type.IsValueType || exact ? inside : inside.Concat(Derived(type));
    }

    private static bool IsContainer(Type type)
    {
        var definition = type.GetGenericTypeDefinition();
        return s_containers.Contains(definition)
            || (type.BaseType is { IsGenericType: true } parent && s_containers.Contains(parent.GetGenericTypeDefinition()));
    }

    private static IEnumerable<Type> Derived(Type type) =>
        s_types.GetOrAdd(type.Assembly, static assembly => assembly.GetTypes()).Where(t => t.IsSubclassOf(type));
}
