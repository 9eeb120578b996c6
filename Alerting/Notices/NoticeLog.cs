using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Alerting.Notices;

/// <summary>Sees every event of the log, and passes notices on. So each part of the product notifies the operator in one way: it logs.</summary>
[ProviderAlias("Notices")]
internal sealed class NoticeLog(NoticeQueue queue, TimeProvider time) : ILoggerProvider
{
    private const int FirstEvent = 3001;
    private const int LastEvent = 3099;
    private const int MostMessageChars = 1_000;
    private const int MostAboutChars = 200;
    private const int MostAbout = 8;
    private const string Product = "RiskMonitor.";
    private const string Format = "{OriginalFormat}";

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Product, StringComparison.Ordinal) ? new Logger(queue, time) : NullLogger.Instance;

    public void Dispose()
    {
        // The queue ends with the process.
    }

    private static string Cut(string text, int most)
    {
        var shown = VisibleText.Escaped(text);
        return shown.Length <= most ? shown : $"{shown[..(char.IsHighSurrogate(shown[most - 1]) ? most - 1 : most)]}…";
    }

    private sealed class Logger(NoticeQueue queue, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Id is < FirstEvent or > LastEvent || eventId.Name is not { } name)
            {
                return;
            }

            var text = formatter(state, exception);
            var prefix = $"Notice {name}: ";
            queue.Add(new Notice(
                eventId.Id,
                name,
                logLevel,
                time.GetUtcNow(),
                Cut(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text, MostMessageChars),
                state is IReadOnlyList<KeyValuePair<string, object?>> named
                    ? [.. named.Where(property => property.Key != Format && property.Value is not null).Take(MostAbout).Select(About)]
                    : []));
        }

        private static KeyValuePair<string, string> About(KeyValuePair<string, object?> property) => KeyValuePair.Create(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Key), Cut(Convert.ToString(property.Value, CultureInfo.InvariantCulture) ?? "", MostAboutChars));
    }
}
