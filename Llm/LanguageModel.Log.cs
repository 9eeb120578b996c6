using Microsoft.Extensions.Logging;

namespace RiskMonitor.Llm;

public sealed partial class LanguageModel
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The model gave no answer for {purpose}: {outcome} ({reason})")]
    private partial void LogFailed(string purpose, string outcome, string reason);
}
