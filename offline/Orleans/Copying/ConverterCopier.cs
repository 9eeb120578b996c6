namespace Orleans.Offline.Copying;

/// <summary>Copies through the surrogate that crosses the wire instead of the value.</summary>
internal sealed class ConverterCopier<T, TSurrogate>(IConverter<T, TSurrogate> converter) : TypeCopier<T>
    where TSurrogate : struct
{
    internal override T Copy(T value, CopyContext context)
    {
        if (value is not ValueType && context.TryGet(value!, out var known))
        {
            return (T)known;
        }

        var surrogate = TypeCopier<TSurrogate>.CopyMember(converter.ConvertToSurrogate(value), context);
        var copy = converter.ConvertFromSurrogate(surrogate);
        if (copy is not null and not ValueType)
        {
            context.Record(value!, copy);
        }

        return copy;
    }
}
