using System.Collections.Concurrent;
using System.Collections.ObjectModel;

namespace Orleans.Offline.Copying;

/// <summary>Copies a collection: makes an empty one, remembers it, fills it.</summary>
internal abstract class CollectionCopier<TCollection> : TypeCopier<TCollection>
    where TCollection : class
{
    internal sealed override TCollection Copy(TCollection value, CopyContext context)
    {
        if (context.TryGet(value, out var known))
        {
            return (TCollection)known;
        }

        var copy = Empty(value);
        context.Record(value, copy);
        Fill(copy, value, context);
        return copy;
    }

    protected abstract TCollection Empty(TCollection value);

    protected abstract void Fill(TCollection copy, TCollection value, CopyContext context);
}

internal sealed class ArrayCopier<T> : CollectionCopier<T[]>
{
    protected override T[] Empty(T[] value) => TypeCopier<T>.Instance.IsShared ? (T[])value.Clone() : new T[value.Length];

    protected override void Fill(T[] copy, T[] value, CopyContext context)
    {
        if (!TypeCopier<T>.Instance.IsShared)
        {
            for (var i = 0; i < value.Length; i++)
            {
                copy[i] = TypeCopier<T>.CopyMember(value[i], context);
            }
        }
    }
}

internal sealed class ListCopier<T> : CollectionCopier<List<T>>
{
    protected override List<T> Empty(List<T> value) => TypeCopier<T>.Instance.IsShared ? [.. value] : new(value.Count);

    protected override void Fill(List<T> copy, List<T> value, CopyContext context)
    {
        if (!TypeCopier<T>.Instance.IsShared)
        {
            foreach (var item in value)
            {
                copy.Add(TypeCopier<T>.CopyMember(item, context));
            }
        }
    }
}

internal abstract class MapCopier<TMap, TKey, TValue> : CollectionCopier<TMap>
    where TMap : class, IDictionary<TKey, TValue>
{
    protected sealed override void Fill(TMap copy, TMap value, CopyContext context)
    {
        foreach (var (key, item) in value)
        {
            copy.Add(TypeCopier<TKey>.CopyMember(key, context), TypeCopier<TValue>.CopyMember(item, context));
        }
    }
}

internal sealed class DictionaryCopier<TKey, TValue> : MapCopier<Dictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override Dictionary<TKey, TValue> Empty(Dictionary<TKey, TValue> value) => new(value.Count, value.Comparer);
}

internal sealed class SortedDictionaryCopier<TKey, TValue> : MapCopier<SortedDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override SortedDictionary<TKey, TValue> Empty(SortedDictionary<TKey, TValue> value) => new(value.Comparer);
}

internal sealed class ConcurrentDictionaryCopier<TKey, TValue> : MapCopier<ConcurrentDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override ConcurrentDictionary<TKey, TValue> Empty(ConcurrentDictionary<TKey, TValue> value) => new(value.Comparer);
}

internal sealed class HashSetCopier<T> : CollectionCopier<HashSet<T>>
{
    protected override HashSet<T> Empty(HashSet<T> value) => new(value.Count, value.Comparer);

    protected override void Fill(HashSet<T> copy, HashSet<T> value, CopyContext context) => copy.UnionWith(value.Select(i => TypeCopier<T>.CopyMember(i, context)));
}

internal sealed class SortedSetCopier<T> : CollectionCopier<SortedSet<T>>
{
    protected override SortedSet<T> Empty(SortedSet<T> value) => new(value.Comparer);

    protected override void Fill(SortedSet<T> copy, SortedSet<T> value, CopyContext context) => copy.UnionWith(value.Select(i => TypeCopier<T>.CopyMember(i, context)));
}

internal sealed class QueueCopier<T> : CollectionCopier<Queue<T>>
{
    protected override Queue<T> Empty(Queue<T> value) => new(value.Count);

    protected override void Fill(Queue<T> copy, Queue<T> value, CopyContext context)
    {
        foreach (var item in value)
        {
            copy.Enqueue(TypeCopier<T>.CopyMember(item, context));
        }
    }
}

internal sealed class StackCopier<T> : CollectionCopier<Stack<T>>
{
    protected override Stack<T> Empty(Stack<T> value) => new(value.Count);

    protected override void Fill(Stack<T> copy, Stack<T> value, CopyContext context)
    {
        foreach (var item in value.Reverse())
        {
            copy.Push(TypeCopier<T>.CopyMember(item, context));
        }
    }
}

internal sealed class ReadOnlyCollectionCopier<T> : TypeCopier<ReadOnlyCollection<T>>
{
    internal override ReadOnlyCollection<T> Copy(ReadOnlyCollection<T> value, CopyContext context) => new(value.Select(i => TypeCopier<T>.CopyMember(i, context)).ToList());
}

internal sealed class ReadOnlyDictionaryCopier<TKey, TValue> : TypeCopier<ReadOnlyDictionary<TKey, TValue>>
    where TKey : notnull
{
    internal override ReadOnlyDictionary<TKey, TValue> Copy(ReadOnlyDictionary<TKey, TValue> value, CopyContext context) =>
        new(value.ToDictionary(p => TypeCopier<TKey>.CopyMember(p.Key, context), p => TypeCopier<TValue>.CopyMember(p.Value, context)));
}
