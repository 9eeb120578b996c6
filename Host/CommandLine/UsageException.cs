namespace RiskMonitor.Host.CommandLine;

/// <summary>Something that the user can put right; the message says what and how. Shown without a stack trace.</summary>
internal sealed class UsageException(string message, int exitCode = UsageException.BadInput) : Exception(message)
{
    /// <summary>An option or a setting is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The options are right, and yet it cannot be done now.</summary>
    public const int NotPossible = 1;

    public int ExitCode { get; } = exitCode;
}
