using System.Reflection;
using Orleans;
using Orleans.Runtime;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>What the grain interfaces and the domain put on the wire, as their attributes say.</summary>
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

    // Generated code is in the assembly of the interfaces, too, in namespaces of its own.
    private static readonly Type[] Types =
    [
        .. new[] { typeof(IDeskRiskGrain).Assembly, typeof(Position).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("RiskMonitor.", StringComparison.Ordinal) == true),
    ];

    public static IReadOnlyList<Type> GrainInterfaces { get; } =
        [.. Types.Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Every type with [GenerateSerializer].</summary>
    public static IReadOnlyList<Type> Marked { get; } =
        [.. Types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).OrderBy(type => type.Name, StringComparer.Ordinal)];

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
    /// <returns>Records and enums.</returns>
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

            if (Marked.Contains(type))
            {
                foreach (var member in State(type))
                {
                    Walk(TypeOf(member), $"{path} > {type.Name}.{member.Name}");
                }

                return;
            }

            problems.Add($"{path}: {type} has no [GenerateSerializer]");
        }
    }

    private static Type[]? Inner(Type type) =>
        type.IsArray ? [type.GetElementType()!]
        : Nullable.GetUnderlyingType(type) is { } underlying ? [underlying]
        : type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()) ? type.GenericTypeArguments
        : null;
}
