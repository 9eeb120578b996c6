using System.Globalization;
using RiskMonitor.Host.Stdio;

namespace RiskMonitor.Host.Roles;

/// <summary>Which role a process has, what it then stands on, and which settings contradict that.</summary>
internal static class RoleSettings
{
    public const string MySqlKey = "MySql:ConnectionString";
    public const string KafkaKey = "Kafka:BootstrapServers";
    public const string TopicKey = "Kafka:Topic";
    public const string DrainDelayKey = "DrainDelay";

    private const string MySqlExample = "RiskMonitor__MySql__ConnectionString='Server=db.example;Database=riskmonitor;User ID=riskmonitor;Password=…'";
    private const string KafkaExample = "RiskMonitor__Kafka__BootstrapServers=kafka.example:9092";

    private static readonly TimeSpan s_drainDelay = TimeSpan.FromSeconds(1);

    public static HostRole RoleOf(IConfiguration configuration, List<string> problems)
    {
        if (configuration[HostRoleNames.Key] is not { Length: > 0 } text)
        {
            return HostRole.All;
        }

        if (HostRoleNames.Parse(text) is { } role)
        {
            return role;
        }

        problems.Add($"{HostRoleNames.Key} is '{text}'; give {HostRoleNames.Known} (--role ROLE)");
        return HostRole.All;
    }

    /// <summary>A single process stands on SQLite unless MySQL or Kafka is configured; every other role is a part of a cluster.</summary>
    public static bool IsCluster(IConfiguration configuration, HostRole role) => role != HostRole.All || Has(configuration, MySqlKey) || Has(configuration, KafkaKey);

    public static void Check(IConfiguration configuration, HostRole role, bool isCluster, List<string> problems)
    {
        if (!isCluster)
        {
            return;
        }

        var what = Has(configuration, MySqlKey) ? $"{MySqlKey} is given" : Has(configuration, KafkaKey) && role == HostRole.All ? $"{KafkaKey} is given" : $"Role is {role.Name()}";
        if (!Has(configuration, MySqlKey))
        {
            problems.Add($"{what} and {MySqlKey} is missing; the processes of a cluster share their state in it: set {MySqlExample}, or run everything in one process on SQLite "
                + "(--role all, without MySql and Kafka)");
        }

        if (role.HasFlag(HostRole.Ingest) && !Has(configuration, KafkaKey))
        {
            problems.Add($"Role is {role.Name()}, {what} and {KafkaKey} is missing; changes come from it: set {KafkaExample}"
                + (role == HostRole.All ? $", or leave out {MySqlKey} to run on SQLite" : ""));
        }

        if ((role.HasFlag(HostRole.Ingest) || role.HasFlag(HostRole.Frontend)) && !Has(configuration, TopicKey))
        {
            problems.Add($"Role is {role.Name()} and {TopicKey} is missing; it names the feed that ingests read and that answers report: set RiskMonitor__Kafka__Topic=trading.risk.positions_cdc, "
                + "the same for every process of the cluster");
        }

        if (bool.TryParse(configuration["Demo"], out var demo) && demo)
        {
            problems.Add($"Demo is true and {what}; the demo book is one of the single process on SQLite: leave Demo out (in a cluster: riskmonitor demo trader)");
        }

        if (Has(configuration, "Replay"))
        {
            problems.Add($"Replay is '{configuration["Replay"]}' and {what}; a replay has data of its own on SQLite: leave out Replay, or Role, MySql and Kafka");
        }

        if (bool.TryParse(configuration[StdioMode.Setting], out var stdio) && stdio)
        {
            problems.Add($"{StdioMode.Setting} is true and {what}; a frontend of a cluster is asked over HTTP, at /mcp: leave out --stdio");
        }
    }

    public static TimeSpan DrainDelayOf(IConfiguration configuration, List<string> problems)
    {
        if (configuration[DrainDelayKey] is not { Length: > 0 } text)
        {
            return s_drainDelay;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero && delay < TimeSpan.FromSeconds(10))
        {
            return delay;
        }

        problems.Add($"{DrainDelayKey} is '{text}'; give a time below 00:00:10 for which a process still serves after it said that it is not ready (usual: 00:00:01)");
        return s_drainDelay;
    }

    private static bool Has(IConfiguration configuration, string key) => !string.IsNullOrWhiteSpace(configuration[key]);
}
