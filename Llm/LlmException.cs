namespace RiskMonitor.Llm;

/// <summary>The model gave no answer; whoever asked does without.</summary>
public sealed class LlmException(LlmFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public LlmFailure Failure { get; } = failure;
}

/// <summary>Why the model gave no answer.</summary>
public enum LlmFailure
{
    /// <summary>As many requests as may be are on their way, and as many as may be wait.</summary>
    Busy,

    /// <summary>It failed so often that it is left alone for a while.</summary>
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
