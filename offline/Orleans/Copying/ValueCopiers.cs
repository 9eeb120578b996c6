using System.Collections.Immutable;

namespace Orleans.Offline.Copying;

internal sealed class NullableCopier<T> : TypeCopier<T?>
    where T : struct
{
    internal override T? Copy(T? value, CopyContext context) => value is { } some ? TypeCopier<T>.CopyMember(some, context) : null;
}

internal sealed class MemoryCopier<T> : TypeCopier<Memory<T>>
{
    internal override Memory<T> Copy(Memory<T> value, CopyContext context) => TypeCopier<T[]>.CopyMember(value.ToArray(), context);
}

internal sealed class ReadOnlyMemoryCopier<T> : TypeCopier<ReadOnlyMemory<T>>
{
    internal override ReadOnlyMemory<T> Copy(ReadOnlyMemory<T> value, CopyContext context) => TypeCopier<T[]>.CopyMember(value.ToArray(), context);
}

internal sealed class ArraySegmentCopier<T> : TypeCopier<ArraySegment<T>>
{
    internal override ArraySegment<T> Copy(ArraySegment<T> value, CopyContext context) => new(TypeCopier<T[]>.CopyMember(value.ToArray(), context));
}

internal sealed class ImmutableArrayCopier<T> : TypeCopier<ImmutableArray<T>>
{
    internal override ImmutableArray<T> Copy(ImmutableArray<T> value, CopyContext context) =>
        value.IsDefault ? value : [.. value.Select(i => TypeCopier<T>.CopyMember(i, context))];
}

internal sealed class ImmutableListCopier<T> : TypeCopier<ImmutableList<T>>
{
    internal override ImmutableList<T> Copy(ImmutableList<T> value, CopyContext context) => [.. value.Select(i => TypeCopier<T>.CopyMember(i, context))];
}

internal sealed class ImmutableHashSetCopier<T> : TypeCopier<ImmutableHashSet<T>>
{
    internal override ImmutableHashSet<T> Copy(ImmutableHashSet<T> value, CopyContext context) =>
        ImmutableHashSet.CreateRange(value.KeyComparer, value.Select(i => TypeCopier<T>.CopyMember(i, context)));
}

internal sealed class ImmutableDictionaryCopier<TKey, TValue> : TypeCopier<ImmutableDictionary<TKey, TValue>>
    where TKey : notnull
{
    internal override ImmutableDictionary<TKey, TValue> Copy(ImmutableDictionary<TKey, TValue> value, CopyContext context) =>
        value.ToImmutableDictionary(p => TypeCopier<TKey>.CopyMember(p.Key, context), p => TypeCopier<TValue>.CopyMember(p.Value, context), value.KeyComparer);
}

internal sealed class ImmutableSortedDictionaryCopier<TKey, TValue> : TypeCopier<ImmutableSortedDictionary<TKey, TValue>>
    where TKey : notnull
{
    internal override ImmutableSortedDictionary<TKey, TValue> Copy(ImmutableSortedDictionary<TKey, TValue> value, CopyContext context) =>
        value.ToImmutableSortedDictionary(p => TypeCopier<TKey>.CopyMember(p.Key, context), p => TypeCopier<TValue>.CopyMember(p.Value, context), value.KeyComparer);
}
