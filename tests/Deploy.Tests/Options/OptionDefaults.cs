using System.Collections;
using System.Globalization;
using System.Reflection;
using RiskMonitor.Host;

namespace RiskMonitor.Deploy.Tests.Options;

/// <summary>The options of the product and their defaults, from the classes themselves.</summary>
internal static class OptionDefaults
{
    /// <summary>By key; null: none. Lists and dictionaries are not in it.</summary>
    public static IReadOnlyDictionary<string, string?> All => s_all;

    /// <summary>Options that are lists or dictionaries.</summary>
    public static IReadOnlySet<string> Lists => s_lists;

    /// <summary>The classes, which name their section.</summary>
    public static IReadOnlyCollection<Type> Classes { get; } = [.. Types(typeof(MonitorHost).Assembly, []).Where(type => SectionOf(type) is not null && !type.IsAbstract && type.GetConstructor([]) is not null)];

    // A class that is a part of another one has a section of its own as well.
    private static readonly Dictionary<string, string?> s_all = new(
        Classes.SelectMany(type => Of(Activator.CreateInstance(type)!, SectionOf(type)!)).DistinctBy(option => option.Key), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_lists = new(Classes.SelectMany(type => ListsOf(type, SectionOf(type)!)), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> ListsOf(Type type, string section) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
        IsPart(property.PropertyType) ? ListsOf(property.PropertyType, $"{section}:{property.Name}") : IsList(property.PropertyType) ? [$"{section}:{property.Name}"] : []);

    /// <summary>A class of options within another one.</summary>
    private static bool IsPart(Type type) => type.Namespace!.StartsWith("RiskMonitor", StringComparison.Ordinal) && !type.IsEnum && !IsList(type);

    private static bool IsList(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable));

    private static string? SectionOf(Type type) =>
        type.GetField("Section", BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic) is { IsLiteral: true } section ? (string)section.GetRawConstantValue()! : null;

    private static IEnumerable<KeyValuePair<string, string?>> Of(object options, string section)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var (key, value, type) = ($"{section}:{property.Name}", property.GetValue(options), property.PropertyType);
            if (IsPart(type))
            {
                foreach (var inner in Of(value!, key))
                {
                    yield return inner;
                }
            }
            else if (!IsList(type))
            {
                yield return KeyValuePair.Create(key, value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }
    }

    private static HashSet<Type> Types(Assembly assembly, HashSet<string> seen) =>
        !seen.Add(assembly.GetName().Name!) ? []
        : [.. assembly.GetTypes(), .. assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("RiskMonitor.", StringComparison.Ordinal)).SelectMany(name => Types(Assembly.Load(name), seen))];
}
