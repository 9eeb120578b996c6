using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Orleans.Offline.Copying;

/// <summary>Chooses the copier of a type.</summary>
internal static class TypeCopiers
{
    private static readonly Dictionary<Type, Type> s_collections = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCopier<>),
        [typeof(List<>)] = typeof(ListCopier<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCopier<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryCopier<,>),
        [typeof(ConcurrentDictionary<,>)] = typeof(ConcurrentDictionaryCopier<,>),
        [typeof(HashSet<>)] = typeof(HashSetCopier<>),
        [typeof(SortedSet<>)] = typeof(SortedSetCopier<>),
        [typeof(Queue<>)] = typeof(QueueCopier<>),
        [typeof(Stack<>)] = typeof(StackCopier<>),
        [typeof(ReadOnlyCollection<>)] = typeof(ReadOnlyCollectionCopier<>),
        [typeof(ReadOnlyDictionary<,>)] = typeof(ReadOnlyDictionaryCopier<,>),
        [typeof(Memory<>)] = typeof(MemoryCopier<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryCopier<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentCopier<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCopier<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCopier<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetCopier<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCopier<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryCopier<,>),
    };

    /// <summary>A <see cref="TypeCopier{T}"/> for values declared as the type, or, when exact, known to be of it.</summary>
    internal static object Create(Type type, bool exact = false)
    {
        if (Sharing.IsShared(type, exact))
        {
            return Make(typeof(SharedCopier<>), [type]);
        }

        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            return type.IsSZArray ? Make(typeof(ArrayCopier<>), [element]) : Make(typeof(UnmarkedCopier<>), [type], Make(typeof(MembersCopier<>), [type]));
        }

        if (type.IsGenericType && s_collections.TryGetValue(type.GetGenericTypeDefinition(), out var collection))
        {
            return Make(collection, type.GetGenericArguments());
        }

        if (type.IsInterface || type.IsAbstract || type == typeof(object))
        {
            return exact ? Make(typeof(SharedCopier<>), [type]) : Make(typeof(RuntimeTypeCopier<>), [type], [null]);
        }

        var own = OfClass(type);
        return exact || type.IsSealed || type.IsValueType ? own : Make(typeof(RuntimeTypeCopier<>), [type], own);
    }

    private static object OfClass(Type type)
    {
        if (ShallowTypes.Contains(type))
        {
            return Make(typeof(SharedCopier<>), [type]);
        }

        if (Converters.TryGet(type, out var converter, out var surrogate))
        {
            return Make(typeof(ConverterCopier<,>), [type, surrogate], Activator.CreateInstance(converter)!);
        }

        var members = Make(typeof(MembersCopier<>), [type]);
        return WireMembers.IsMarked(type) ? members : Make(typeof(UnmarkedCopier<>), [type], members);
    }

    private static object Make(Type definition, Type[] arguments, params object?[] parameters) => Activator.CreateInstance(
        definition.MakeGenericType(arguments),
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic,
        null,
        parameters,
        null)!;
}
