using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>What the contract assembly puts on the wire, as its attributes say.</summary>
internal static class WireModel
{
    private static readonly HashSet<Type> BuiltIn =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(Guid),
        typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeSpan), typeof(CancellationToken),
    ];

    private static readonly HashSet<Type> Collections =
    [
        typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>), typeof(List<>), typeof(Dictionary<,>),
    ];

    // Generated code lives in the same assembly, in namespaces of its own.
    private static readonly Type[] Types =
    [
        .. typeof(IDeskRiskGrain).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("RiskMonitor.", StringComparison.Ordinal) == true),
    ];

    public static IReadOnlyList<Type> GrainInterfaces { get; } =
        [.. Types.Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Everything marked with [GenerateSerializer], surrogates included.</summary>
    public static IReadOnlyList<Type> Marked { get; } =
        [.. Types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Registered converters by the type that they carry.</summary>
    public static IReadOnlyDictionary<Type, WireConverter> Converters { get; } = Types
        .Where(type => type.IsDefined(typeof(RegisterConverterAttribute), inherit: false))
        .SelectMany(type => type.GetInterfaces()
            .Where(@interface => @interface.IsGenericType && @interface.GetGenericTypeDefinition() == typeof(IConverter<,>))
            .Select(@interface => new WireConverter(type, @interface.GenericTypeArguments[0], @interface.GenericTypeArguments[1])))
        .ToDictionary(converter => converter.Carried);

    /// <summary>The types that callers and grains see on the wire: marked records, and domain types that a surrogate carries.</summary>
    public static IReadOnlyList<Type> Visible { get; } =
        [.. Marked.Except(Converters.Values.Select(converter => converter.Surrogate)).Concat(Converters.Keys).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    public static uint? Id(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;

    /// <summary>What a value consists of: its public fields, and its properties that something sets, without those that every exception has.</summary>
    public static IReadOnlyList<MemberInfo> State(Type type) =>
    [
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public),
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod is not null && property.DeclaringType != typeof(Exception)),
    ];

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    public static object? ValueOf(MemberInfo member, object owner) =>
        member is FieldInfo field ? field.GetValue(owner) : ((PropertyInfo)member).GetValue(owner);

    /// <summary>Walks the grain interfaces' signatures.</summary>
    /// <param name="refused">Where a type was found that cannot cross.</param>
    /// <returns>Records, carried domain types and enums.</returns>
    public static IReadOnlySet<Type> Reachable(out IReadOnlyList<string> refused)
    {
        var found = new HashSet<Type>();
        var problems = new List<string>();
        foreach (var method in GrainInterfaces.SelectMany(type => type.GetMethods()))
        {
            var path = $"{method.DeclaringType!.Name}.{method.Name}";
            Walk(method.ReturnType == typeof(Task) ? typeof(bool) : method.ReturnType.GenericTypeArguments[0], path);
            foreach (var parameter in method.GetParameters())
            {
                Walk(parameter.ParameterType, $"{path}({parameter.Name})");
            }
        }

        refused = problems;
        return found;

        void Walk(Type type, string path)
        {
            if (Inner(type) is { } inner)
            {
                Array.ForEach(inner, part => Walk(part, path));
                return;
            }

            if (BuiltIn.Contains(type) || !found.Add(type) || type.IsEnum)
            {
                return;
            }

            if ((Converters.TryGetValue(type, out var converter) ? converter.Surrogate : type) is var written && Marked.Contains(written))
            {
                foreach (var member in State(written))
                {
                    Walk(TypeOf(member), $"{path} > {type.Name}.{member.Name}");
                }

                return;
            }

            problems.Add($"{path}: {type} is neither marked nor carried by a converter");
        }
    }

    private static Type[]? Inner(Type type) =>
        type.IsArray ? [type.GetElementType()!]
        : Nullable.GetUnderlyingType(type) is { } underlying ? [underlying]
        : type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()) ? type.GenericTypeArguments
        : null;
}

/// <summary>A registered converter.</summary>
internal sealed record WireConverter(Type Type, Type Carried, Type Surrogate);
