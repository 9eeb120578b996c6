using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.Host;
using RiskMonitor.Host.Infrastructure;

namespace RiskMonitor.Deploy.Tests.Options;

/// <summary>Which options a role reads: its process is built, but not started, over a configuration that notes what it is asked for.</summary>
internal static class RoleKeys
{
    private const string Nothing = "of no option";

    /// <summary>What the host itself reads before it builds a process of the role.</summary>
    private static readonly Dictionary<string, string[]> s_ofTheHost = new(StringComparer.Ordinal)
    {
        ["silo"] = ["Secrets", "Listen", "DrainDelay", "Limits:DefaultNetDelta"],
        ["ingest"] = ["Secrets", "Listen", "DrainDelay"],
        ["frontend"] = ["Secrets", "Listen", "DrainDelay", "Console:Keys"],
    };

    private static readonly Dictionary<string, Lazy<IReadOnlySet<string>>> s_read =
        s_ofTheHost.Keys.ToDictionary(role => role, role => new Lazy<IReadOnlySet<string>>(() => Read(role)), StringComparer.Ordinal);

    /// <summary>Known keys that the role reads. A list or dictionary is there by its own key.</summary>
    public static IReadOnlySet<string> Of(string role) => s_read[role].Value;

    /// <summary>Whether the role reads the key, or the list or dictionary that it is an entry of.</summary>
    public static bool IsRead(string role, string key) => Of(role).Contains(key) || key.StartsWith("Logging:LogLevel:", StringComparison.Ordinal) || (IsEntry(key) && Prefixes(key).Any(Of(role).Contains));

    /// <summary>Builds the process of a role as it would start, and has it check all options.</summary>
    /// <exception cref="OptionsValidationException">A value is wrong.</exception>
    public static void Build(string role, IConfiguration configuration, Action? beforeOptions = null)
    {
        var settings = HostSettings.Read(configuration);
        beforeOptions?.Invoke();
        using var server = ServerSocket.Bind(IPAddress.Loopback, 0);
        var app = MonitorApp.Build(settings, configuration, server, new ClusterInfrastructure(settings, configuration));
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
            // Options that nobody checks at the start are bound when they are first asked for.
            foreach (var type in OptionDefaults.Classes)
            {
                var options = typeof(IOptions<>).MakeGenericType(type);
                options.GetProperty("Value")!.GetMethod!.Invoke(app.Services.GetRequiredService(options), BindingFlags.DoNotWrapExceptions, null, null, null);
            }
        }
        finally
        {
            ((IDisposable)app).Dispose();
        }
    }

    private static HashSet<string> Read(string role)
    {
        // A section is read only where it has a value, so each has its defaults, and one that nothing reads.
        var sections = OptionDefaults.All.Keys.Concat(Lists).Select(key => key[..key.LastIndexOf(':')]).Distinct().Select(section => KeyValuePair.Create($"{section}:{Nothing}", (string?)""));
        var values = OptionDefaults.All.Where(option => option.Value is { Length: > 0 }).Concat(sections).Append(new("Role", role)).Concat(Needed);
        var source = new RecordingSource(values);
        Build(role, new ConfigurationBuilder().Add(source).Build(), source.Forget);
        return [.. source.Asked.Where(key => OptionDefaults.All.ContainsKey(key) || Lists.Contains(key)), .. s_ofTheHost[role]];
    }

    /// <summary>What a process does not start without.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Needed =>
    [
        new("MySql:ConnectionString", "Server=mysql;Database=riskmonitor;User ID=riskmonitor;Password=none"),
        new("Kafka:BootstrapServers", "kafka:9092"),
        new("Kafka:Topic", "trading.trading.positions"),
        new("Logging:LogLevel:Default", "None"),
    ];

    /// <summary>Options that are lists or dictionaries.</summary>
    private static IReadOnlySet<string> Lists => OptionDefaults.Lists;

    private static bool IsEntry(string key) => Prefixes(key).Any(Lists.Contains);

    private static IEnumerable<string> Prefixes(string key) => Enumerable.Range(0, key.Length).Where(index => key[index] == ':').Select(index => key[..index]);
}
