namespace RiskMonitor.Storage;

/// <summary>
/// A write did not take place, or nobody knows whether it did. Whoever kept a state that supposes it must load that again. An I/O error: it may
/// pass, and the same write may succeed later.
/// </summary>
/// <param name="outcomeUnknown">True when the commit itself failed: the write may be there or not.</param>
public sealed class StorageWriteException(string message, bool outcomeUnknown, Exception? inner) : IOException(message, inner)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
