using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Offline.Copying;

/// <summary>For interfaces, abstract and unsealed classes: asks the value what it is.</summary>
internal sealed class RuntimeTypeCopier<T>(TypeCopier<T>? exact) : TypeCopier<T>
{
    internal override T Copy(T value, CopyContext context)
    {
        var type = value!.GetType();
        if (type == typeof(T) && exact is not null)
        {
            return exact.Copy(value, context);
        }

        // A grain that passes itself passes a reference to itself.
        return value is IGrainBase and IAddressable grain && typeof(T).IsInterface
            ? (T)grain.AsReference(typeof(T))
            : (T)BoxedCopier.For(type).Copy(value, context);
    }
}

/// <summary>Copies a value of a type known at run time only.</summary>
internal abstract class BoxedCopier
{
    private static readonly ConcurrentDictionary<Type, BoxedCopier> s_copiers = new();

    internal static BoxedCopier For(Type type) =>
        s_copiers.GetOrAdd(type, static type => (BoxedCopier)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!);

    internal abstract object Copy(object value, CopyContext context);

    private sealed class Of<T> : BoxedCopier
    {
        private readonly TypeCopier<T> _copier = (TypeCopier<T>)TypeCopiers.Create(typeof(T), exact: true);

        internal override object Copy(object value, CopyContext context) =>
            _copier.IsShared ? value : _copier.Copy((T)value, context)!;
    }
}
