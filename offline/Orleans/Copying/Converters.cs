namespace Orleans.Offline.Copying;

/// <summary>The converters that assemblies register with [RegisterConverter].</summary>
internal static class Converters
{
    private static readonly Lazy<Dictionary<Type, (Type Converter, Type Surrogate)>> s_converters = new(Find);

    internal static bool TryGet(Type value, out Type converter, out Type surrogate)
    {
        var definition = value.IsGenericType ? value.GetGenericTypeDefinition() : value;
        if (!s_converters.Value.TryGetValue(value, out var found) && !s_converters.Value.TryGetValue(definition, out found))
        {
            (converter, surrogate) = (null!, null!);
            return false;
        }

        (converter, surrogate) = found.Converter.ContainsGenericParameters
            ? Close(found.Converter.MakeGenericType(value.GetGenericArguments()), value)
            : found;
        return true;
    }

    private static (Type Converter, Type Surrogate) Close(Type converter, Type value) =>
        (converter, Interfaces(converter).First(i => i.GetGenericArguments()[0] == value).GetGenericArguments()[1]);

    private static Dictionary<Type, (Type, Type)> Find()
    {
        var found = new Dictionary<Type, (Type, Type)>();
        var types = GrainClassMap.Assemblies().SelectMany(a => a.GetTypes()).Where(t => t.IsDefined(typeof(RegisterConverterAttribute), inherit: false));
        foreach (var converter in types)
        {
            foreach (var arguments in Interfaces(converter).Select(i => i.GetGenericArguments()))
            {
                var value = arguments[0];
                found[converter.ContainsGenericParameters && value.IsGenericType ? value.GetGenericTypeDefinition() : value] = (converter, arguments[1]);
            }
        }

        return found;
    }

    private static IEnumerable<Type> Interfaces(Type converter) =>
        converter.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConverter<,>));
}
