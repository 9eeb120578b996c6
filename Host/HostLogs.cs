using Microsoft.Extensions.Logging.Console;
using RiskMonitor.Host.Terminal;

namespace RiskMonitor.Host;

/// <summary>Where the log goes and in what form: always to stderr, because stdout carries the story or MCP messages.</summary>
internal static class HostLogs
{
    private const string OrleansWatchdog = "Orleans.Runtime.Watchdog";

    /// <summary>In its first seconds the watchdog may compare with a timestamp that is not set yet, and then warns of a stall as long as the machine runs.</summary>
    private static readonly TimeSpan s_watchdogUninitialised = TimeSpan.FromSeconds(10);

    /// <summary>JSON lines for programs; readable lines where a person looks at a terminal, where the demo shows warnings only.</summary>
    /// <param name="isTerminalQuiet">A person at a terminal sees warnings only, because the demo tells its story there.</param>
    public static void Configure(ILoggingBuilder logs, IConfiguration configuration, bool isTerminalQuiet)
    {
        var began = Environment.TickCount64;
        logs.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter(OrleansWatchdog, level => level >= LogLevel.Warning && Environment.TickCount64 - began >= s_watchdogUninitialised.TotalMilliseconds)
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Console.IsErrorRedirected)
        {
            logs.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
            return;
        }

        logs.AddConsole(console => console.FormatterName = TerminalLogFormatter.FormatterName).AddConsoleFormatter<TerminalLogFormatter, ConsoleFormatterOptions>();
        if (isTerminalQuiet)
        {
            logs.SetMinimumLevel(LogLevel.Warning);
        }
    }
}
