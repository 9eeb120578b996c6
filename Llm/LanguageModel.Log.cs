using Microsoft.Extensions.Logging;

namespace RiskMonitor.Llm;

public sealed partial class LanguageModel
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The model gave no answer for {Purpose}: {Outcome} ({Reason})")]
    private partial void LogFailed(string purpose, string outcome, string reason);
}
