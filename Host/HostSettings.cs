using System.Globalization;
using System.Net;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Host;

/// <summary>What the host needs to know before anything is built. The projects read their own sections of the same configuration.</summary>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">0: a free one.</param>
/// <param name="Data">Full path of the data directory.</param>
/// <param name="Demo">Sample book, trade simulator, console story; and a demo risk manager unless a webhook is given.</param>
/// <param name="Replay">Full path of a file of change events that takes the place of <c>positions.db</c>; null: none.</param>
/// <param name="WebhookUrl">The address without its secrets, as it may be shown. Null: no receiver, or the demo risk manager.</param>
/// <param name="DefaultNetDelta">The net_delta limit of desks without their own; null: none.</param>
/// <param name="Role">What the process does.</param>
/// <param name="IsCluster">It stands on MySQL and Kafka, beside other processes; otherwise on SQLite, alone.</param>
internal sealed record HostSettings(
    IPAddress Address, int Port, string Data, bool Demo, string? Replay, string? WebhookUrl, decimal? DefaultNetDelta, HostRole Role = HostRole.All, bool IsCluster = false)
{
    /// <summary>How long a process of a cluster still serves after it has said that it is not ready.</summary>
    public TimeSpan DrainDelay { get; init; }

    public const string EnvironmentPrefix = "RiskMonitor__";

    public string PositionsPath => PositionsPathIn(Data);

    public static string PositionsPathIn(string data) => Path.Combine(data, "positions.db");

    public string MonitorPath => MonitorPathIn(Data);

    /// <summary>The directory that keeps the keys which protect the console's cookies; null: the database.</summary>
    public string? ConsoleKeysPath { get; init; }

    public static string MonitorPathIn(string data) => Path.Combine(data, "riskmonitor.db");

    /// <exception cref="UsageException">A value is wrong; the message lists every such value with its remedy.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var replay = configuration["Replay"] is { Length: > 0 } file ? Path.GetFullPath(file) : null;
        if (replay is not null && !File.Exists(replay))
        {
            problems.Add($"Replay is '{replay}', which is no file; give the path of a file of change events (--replay FILE)");
        }

        var url = configuration["Webhook:Url"] is { Length: > 0 } text ? text : null;
        string? problem = null;
        var endpoint = url is null ? null : WebhookEndpoint.Read(url, out problem);
        if (problem is not null)
        {
            problems.Add($"Webhook:Url {problem} (--webhook URL)");
        }

        if (url is not null && string.IsNullOrEmpty(configuration["Webhook:Secret"]))
        {
            problems.Add($"Webhook:Secret is missing although Webhook:Url is '{WebhookEndpoint.Masked(url)}'; deliveries are signed, so give the secret shared with the "
                + "receiver: --webhook-secret \"whsec_$(openssl rand -base64 32)\" (or RiskMonitor__Webhook__Secret)");
        }

        var listen = ListenOf(configuration, problems);
        var role = RoleSettings.RoleOf(configuration, problems);
        var isCluster = RoleSettings.IsCluster(configuration, role);
        var demo = DemoOf(configuration, problems);
        RoleSettings.Check(configuration, role, isCluster, problems);
        var settings = new HostSettings(
            listen?.Address ?? IPAddress.Loopback,
            PortOf(configuration, listen?.Port, problems),
            DataDirectory(configuration, replay),
            demo && replay is null && !isCluster,
            replay,
            endpoint?.Name ?? (configuration.GetSection("Alerting:Endpoints").GetChildren().Any() ? "the endpoints of Alerting:Endpoints" : null),
            DefaultNetDeltaOf(configuration, problems),
            role,
            isCluster)
        {
            DrainDelay = RoleSettings.DrainDelayOf(configuration, problems),
            ConsoleKeysPath = configuration["Console:Keys"] is { Length: > 0 } keys ? Path.GetFullPath(keys) : null,
        };
        return problems.Count == 0 ? settings : throw new UsageException(string.Join('\n', problems));
    }

    /// <summary>Where to listen, for commands that need nothing else.</summary>
    /// <exception cref="UsageException">A value is wrong.</exception>
    public static (IPAddress Address, int Port) ReadAddress(IConfiguration configuration)
    {
        var problems = new List<string>();
        var listen = ListenOf(configuration, problems);
        var port = PortOf(configuration, listen?.Port, problems);
        return problems.Count == 0 ? (listen?.Address ?? IPAddress.Loopback, port) : throw new UsageException(string.Join('\n', problems));
    }

    /// <summary>Where the data is, for commands that need nothing else.</summary>
    public static string DataDirectory(IConfiguration configuration, string? replay = null) => Path.GetFullPath(
        configuration["Data"] is { Length: > 0 } directory ? directory
        // A replay's figures and offsets must never mix with those of the live book.
        : replay is not null ? Path.Combine("data", "replay", Path.GetFileName(replay))
        : "data");

    /// <returns>Null where none is given, and where it is wrong; no port where only an address is given.</returns>
    private static (IPAddress Address, int? Port)? ListenOf(IConfiguration configuration, List<string> problems)
    {
        if (configuration["Listen"] is not { Length: > 0 } text)
        {
            return null;
        }

        var readable = text.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? $"{IPAddress.Loopback}{text["localhost".Length..]}" : text;
        if (IPAddress.TryParse(readable, out var address))
        {
            return (address, null);
        }

        if (IPEndPoint.TryParse(readable, out var endPoint))
        {
            return (endPoint.Address, endPoint.Port);
        }

        problems.Add($"Listen is '{text}'; give an address of this machine, with a port or without, such as 0.0.0.0:8080 or [::] (--listen ADDR[:PORT])");
        return null;
    }

    private static int PortOf(IConfiguration configuration, int? listenPort, List<string> problems)
    {
        if (configuration["Port"] is not { Length: > 0 } text)
        {
            return listenPort ?? 8080;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
        {
            if (listenPort is { } other && other != port)
            {
                problems.Add($"Port is {port} and Listen has the port {other}; give only one of them (--port N, --listen ADDR:PORT)");
            }

            return port;
        }

        problems.Add($"Port is '{text}'; give a number from 0 to 65535, 0 for a free one (--port N)");
        return 0;
    }

    private static bool DemoOf(IConfiguration configuration, List<string> problems)
    {
        if (configuration["Demo"] is not { Length: > 0 } text)
        {
            return true;
        }

        if (bool.TryParse(text, out var demo))
        {
            return demo;
        }

        problems.Add($"Demo is '{text}'; give true or false (--no-demo is false)");
        return false;
    }

    private static decimal? DefaultNetDeltaOf(IConfiguration configuration, List<string> problems)
    {
        const string Key = "Limits:DefaultNetDelta";
        if (configuration[Key] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Amounts.TryParse(text, mayHaveExponent: false, out var threshold))
        {
            problems.Add($"{Key} is '{text}'; give an amount such as 5000000 or 2500000.50, without separators");
            return null;
        }

        if (ConfiguredLimits.DefaultNetDelta(threshold).Problem() is { } problem)
        {
            problems.Add($"{Key}: {problem}");
        }

        return threshold;
    }
}
