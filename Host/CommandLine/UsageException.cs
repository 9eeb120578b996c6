namespace RiskMonitor.Host.CommandLine;

/// <summary>A problem that the user can put right; the message says what is wrong and what to change. It is shown without a stack trace.</summary>
internal sealed class UsageException(string message, int exitCode = UsageException.BadInput) : Exception(message)
{
    /// <summary>An option or a setting is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The options are right, but it cannot be done now.</summary>
    public const int NotPossible = 1;

    /// <summary>It was done, and what was checked is not as it was recorded.</summary>
    public const int NotAsRecorded = 3;

    public int ExitCode { get; } = exitCode;
}
