using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Terminal;

/// <summary>
/// A log for a person at a terminal, a line for each entry: whatever name, reason or exception stands in it is escaped and cannot imitate another
/// entry. Where the log goes to a file or a program, it is JSON, which escapes by itself.
/// </summary>
internal sealed class TerminalLogFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "terminal";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = clock.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var message = OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        var exception = logEntry.Exception is { } thrown ? $" {OneLine(thrown.ToString())}" : "";
        textWriter.WriteLine($"{time} {Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture)}] {message}{exception}");
    }

    /// <summary>Stack traces have lines of their own, which are no names of anybody.</summary>
    private static string OneLine(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(VisibleText.Escaped));

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
