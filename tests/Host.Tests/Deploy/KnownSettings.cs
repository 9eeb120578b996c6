using System.Collections;
using System.Reflection;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;

namespace RiskMonitor.Host.Tests.Deploy;

/// <summary>Every configuration key that the product reads: the properties of all options classes, and what the host itself reads.</summary>
internal static class KnownSettings
{
    private static readonly string[] s_ofTheHost = [HostRoleNames.Key, RoleSettings.DrainDelayKey, "Secrets", "Console:Keys", "Demo:TradingConnectionString", "Reconcile:TradingConnectionString", "Limits:DefaultNetDelta"];

    /// <summary>Keys, with <c>*</c> for the number of an entry in a list.</summary>
    public static IReadOnlyCollection<string> Keys { get; } = new HashSet<string>(
        [.. s_ofTheHost, .. Setting.All.Select(setting => setting.Key), .. Options(typeof(MonitorHost).Assembly).SelectMany(options => KeysOf(options.Type, options.Section))],
        StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(Type Type, string Section)> Options(Assembly program) =>
        from assembly in WithReferences(program, [])
        from type in assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
        where section is { IsLiteral: true }
        select (type, (string)section.GetRawConstantValue()!);

    private static IEnumerable<string> KeysOf(Type type, string prefix) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
    {
        var key = $"{prefix}:{property.Name}";
        var value = property.PropertyType;
        return value.Namespace!.StartsWith("RiskMonitor", StringComparison.Ordinal) && !value.IsEnum ? KeysOf(value, key)
            : value != typeof(string) && value.IsGenericType && value.IsAssignableTo(typeof(IEnumerable)) ? EntriesOf(value.GetGenericArguments()[^1], $"{key}:*")
            : [key];
    });

    private static IEnumerable<string> EntriesOf(Type entry, string prefix) => entry.Namespace!.StartsWith("RiskMonitor", StringComparison.Ordinal) ? KeysOf(entry, prefix) : [prefix];

    private static HashSet<Assembly> WithReferences(Assembly assembly, HashSet<Assembly> found)
    {
        if (found.Add(assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("RiskMonitor.", StringComparison.Ordinal)))
            {
                WithReferences(Assembly.Load(name), found);
            }
        }

        return found;
    }
}
