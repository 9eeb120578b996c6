namespace RiskMonitor.Storage;

/// <summary>
/// A write failed, or it is unknown whether it took place. A caller whose state assumes the write must load that state again. An I/O error: it may
/// pass, and the same write may succeed later.
/// </summary>
/// <param name="outcomeUnknown">True when the commit itself failed: the write may be there or not.</param>
public sealed class StorageWriteException(string message, bool outcomeUnknown, Exception? inner) : IOException(message, inner)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
