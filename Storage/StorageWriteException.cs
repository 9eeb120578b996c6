namespace RiskMonitor.Storage;

/// <summary>
/// A write failed, or it is unknown whether it took place. A caller whose state assumes the write must load that state again. An I/O error: it may
/// pass, and the same write may succeed later.
/// </summary>
/// <param name="outcomeUnknown">True when the commit itself failed: the write may be there or not.</param>
public sealed class StorageWriteException(string message, bool outcomeUnknown, Exception? inner) : IOException(message, inner)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;

    /// <summary>A transaction failed before its commit.</summary>
    internal static StorageWriteException NothingWritten(Exception error) =>
        new($"the database could not be written ({error.Message}): nothing was written; repeat it", outcomeUnknown: false, error);

    /// <summary>A commit failed.</summary>
    internal static StorageWriteException CommitFailed(Exception error) =>
        new($"the commit failed ({error.Message}): nobody knows whether the write is there; load again before repeating it", outcomeUnknown: true, error);
}
