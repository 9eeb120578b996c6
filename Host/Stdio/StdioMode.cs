using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Stdio;

/// <summary>
/// MCP over stdin and stdout, for desktop clients that start a process. The process hosts its data directory or, where another host
/// has it, forwards to that one, so that a client and <c>./run</c> side by side see the same book. Nothing but messages goes to stdout.
/// </summary>
internal static class StdioMode
{
    public const string Setting = "Stdio";
    public const string KeyVariable = "RISKMONITOR_API_KEY";

    /// <summary>Settings of a process that a client starts: no demo, because stdout carries messages, and any free port.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Defaults = new Dictionary<string, string?> { ["Demo"] = "false", ["Port"] = "0" };

    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Another host has the directory and does not say where it is.</exception>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter errors)
    {
        var path = HostSettings.Read(configuration).Data;
        using (var data = DataDirectory.TryAcquire(path))
        {
            if (data is not null)
            {
                return await MonitorHost.RunAsync(configuration, data, errors, SpeakAsync);
            }
        }

        var url = await DataDirectory.HostOfAsync(path, CancellationToken.None);
        await errors.SayAsync($"speaks for the RiskMonitor at {url}");
        await SpeakAsync(url, CancellationToken.None);
        return 0;
    }

    private static async Task SpeakAsync(string url, CancellationToken cancellationToken)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        using var client = new MessageLines(Console.OpenStandardInput(), Console.OpenStandardOutput());
        await using var bridge = new StdioBridge(url, string.IsNullOrWhiteSpace(key) ? null : key.Trim(), client);
        await bridge.RunAsync(cancellationToken);
    }
}
