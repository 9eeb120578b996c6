using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Tests;

/// <summary>Keeps what was logged: the names of the events, and the texts with their exceptions.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    public List<string?> Events { get; } = [];

    public List<string> Texts { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Events.Add(eventId.Name);
        Texts.Add($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
