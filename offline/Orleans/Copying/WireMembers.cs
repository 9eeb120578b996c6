using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Offline.Copying;

/// <summary>Which fields of a type cross the wire.</summary>
internal static class WireMembers
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, (FieldInfo Field, bool OnWire)[]> s_fields = new();

    internal static bool IsMarked(Type type) =>
        type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || IsTuple(type) || IsCollectionExpression(type);

    /// <summary>All instance fields of a type and its bases, and whether each crosses the wire.</summary>
    internal static (FieldInfo Field, bool OnWire)[] Fields(Type type) => s_fields.GetOrAdd(type, Find);

    /// <summary>What the compiler makes of <c>[.. x]</c> as a read-only list; the serializer knows them.</summary>
    private static bool IsCollectionExpression(Type type) => type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    private static bool IsTuple(Type type) =>
        type.IsGenericType && (typeof(ITuple).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    private static (FieldInfo, bool)[] Find(Type type)
    {
        var fields = new List<(FieldInfo, bool)>();
        for (var current = type; current is not null && current != typeof(object) && current != typeof(ValueType); current = current.BaseType)
        {
            fields.AddRange(current.GetFields(Declared).Select(f => (f, IsOnWire(current, f))));
        }

        return [.. fields];
    }

    private static bool IsOnWire(Type type, FieldInfo field)
    {
        if (IsTuple(type))
        {
            return true;
        }

        if (type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not { } marked)
        {
            // A base without the attribute, or a type that is only ever stored: everything it has.
            return !field.IsDefined(typeof(NonSerializedAttribute));
        }

        if (field.IsDefined(typeof(IdAttribute)))
        {
            return true;
        }

        return PropertyOf(type, field) is { } property
            && (property.IsDefined(typeof(IdAttribute))
                || (marked.GenerateFieldIds == GenerateFieldIds.PublicProperties && property.GetMethod is { IsPublic: true })
                || (IncludesConstructor(type, marked) && IsConstructorParameter(type, property)));
    }

    private static PropertyInfo? PropertyOf(Type type, FieldInfo field)
    {
        // The backing field of an automatic property is named after it.
        var end = field.Name.IndexOf(">k__BackingField", StringComparison.Ordinal);
        return end > 1 ? type.GetProperty(field.Name[1..end], Declared) : null;
    }

    private static bool IncludesConstructor(Type type, GenerateSerializerAttribute marked) =>
        marked.IncludesPrimaryConstructorParameters ?? IsRecord(type);

    private static bool IsRecord(Type type) => type.IsValueType
        ? type.GetMethod("PrintMembers", Declared) is not null
        : type.GetMethod("<Clone>$", Declared) is not null;

    private static bool IsConstructorParameter(Type type, PropertyInfo property) =>
        type.GetConstructors(Declared).Any(c => c.GetParameters().Any(p => p.Name == property.Name && p.ParameterType == property.PropertyType));
}
