using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Journal;

/// <summary>
/// What a database checks so that a desk has one writer. The fence's number is stored with each record. A record is accepted
/// only on top of the one that was loaded or that bears this number, so of two activations of a desk one is stopped with everything it queued.
/// </summary>
/// <param name="loadedSequence">The newest record when the desk was opened; 0 for none.</param>
/// <param name="loadedWriter">The number of the writer of that record.</param>
/// <param name="number">The number of this writer, which no other writer has.</param>
internal sealed class JournalFence(string desk, long loadedSequence, long loadedWriter, long number)
{
    private readonly Lock _lock = new();
    private long _queued = loadedSequence;
    private bool _isBroken;

    public string Desk { get; } = desk;

    public long Number { get; } = number;

    /// <summary>Keeps the folds of a writer in the order of the calls, where a database runs them beside each other.</summary>
    public SemaphoreSlim Folding { get; } = new(1);

    public long LoadedSequence { get; } = loadedSequence;

    /// <summary>The writer that the record before must bear.</summary>
    public long WriterBefore(long sequence) => sequence - 1 == LoadedSequence ? loadedWriter : Number;

    /// <summary>Every record after the loaded one must bear this number.</summary>
    public bool IsSuperseded(JournalHead head) => head.Sequence > LoadedSequence && head.Writer != Number;

    /// <summary>
    /// Reserves the record's sequence. A record out of turn, or of another desk, means that two activations use this writer: then neither of them
    /// may go on.
    /// </summary>
    public bool TryReserve(JournalRecord record)
    {
        lock (_lock)
        {
            _isBroken |= record.Sequence != _queued + 1 || !string.Equals(record.Desk, Desk, StringComparison.Ordinal);
            _queued = record.Sequence;
            return !_isBroken;
        }
    }
}
