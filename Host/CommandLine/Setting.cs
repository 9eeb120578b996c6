using System.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Host.Stdio;

namespace RiskMonitor.Host.CommandLine;

/// <summary>An option of the command line and the configuration key that it sets. This is the one place that relates the two.</summary>
/// <param name="SwitchValue">What a switch sets the key to; null for an option with a value.</param>
internal sealed record Setting(Option Option, string Key, string? SwitchValue = null)
{
    /// <summary>The data directory, which the sub-commands have as well.</summary>
    public static readonly Setting Data = Text("Data", "--data", "DIR", "where positions.db and riskmonitor.db live; with --replay: ./data/replay/<file>", "./data");

    /// <summary>The settings of a run.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Text(HostRoleNames.Key, "--role", "ROLE", "what this process does: silo, ingest, frontend or all; the first three share a MySQL and a Kafka", "all"),
        Text("Port", "--port", "N", "HTTP port; 0 picks a free one", "8080"),
        Text("Listen", "--listen", "ADDR[:PORT]", "the address to listen on; any other than this machine's own needs users: ./run users add --help", "127.0.0.1"),
        Switch("Access:RequireUsers", "true", "--require-users", "every caller needs a key, also while there is no user: for a host behind a proxy"),
        Data,
        Switch(StdioMode.Setting, "true", "--stdio", "speak MCP on stdin and stdout, for clients that start a process (as --no-demo --port 0, or for the host that DIR has)"),
        Switch("Demo", "false", "--no-demo", "no sample book, no simulated trades, no demo risk manager"),
        Text("Webhook:Url", "--webhook", "URL", "where alerts are delivered, instead of the demo risk manager"),
        Text("Webhook:Secret", "--webhook-secret", "SECRET", "signs the deliveries: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)"),
        Text("Replay", "--replay", "FILE", "read change events from a file (one JSON object a line, as kcat -J prints, may be gzipped) instead of positions.db"),
    ];

    /// <summary>The environment variable that sets the same key.</summary>
    public string Variable => HostSettings.EnvironmentPrefix + Key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The configuration keys that the given options set. Defaults are left to the configuration, so that a variable can set them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Given(ParseResult arguments) =>
        from setting in All
        let result = arguments.GetResult(setting.Option)
        where result is { Implicit: false }
        select KeyValuePair.Create(setting.Key, setting.SwitchValue ?? result.Tokens[0].Value);

    private static Setting Text(string key, string name, string valueName, string description, string? fallback = null) =>
        new(CommandOption.Text(name, valueName, description, fallback), key);

    private static Setting Switch(string key, string value, string name, string description) => new(CommandOption.Switch(name, description), key, value);
}
