namespace RiskMonitor.Llm;

/// <summary>The model gave no answer; the caller has to do without one.</summary>
public sealed class LlmException(LlmFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public LlmFailure Failure { get; } = failure;
}

/// <summary>Why the model gave no answer.</summary>
public enum LlmFailure
{
    /// <summary>The limits of concurrent and of waiting requests are reached.</summary>
    Busy,

    /// <summary>The circuit breaker is open, because the model failed too often.</summary>
    Resting,

    /// <summary>It did not answer in time.</summary>
    Slow,

    /// <summary>It answered with an error, with something else than an answer, or not at all.</summary>
    Failed,
}

internal static class LlmFailures
{
    public static string Name(this LlmFailure failure) => failure switch
    {
        LlmFailure.Busy => "busy",
        LlmFailure.Resting => "resting",
        LlmFailure.Slow => "slow",
        _ => "failed",
    };
}
