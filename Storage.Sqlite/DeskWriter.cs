namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// One activation's right to write a desk's journal, from the moment it loaded the desk. Its number, drawn at random, is stored with each record:
/// a record is accepted only on top of the one that this writer loaded or wrote itself, so that of two activations one is stopped at once,
/// with everything it had queued.
/// </summary>
internal sealed class DeskWriter
{
    private readonly Lock _lock = new();
    private readonly long _loadedWriter;
    private long _queued;
    private bool _isBroken;

    public DeskWriter(long loadedSequence, long loadedWriter)
    {
        LoadedSequence = loadedSequence;
        _loadedWriter = loadedWriter;
        _queued = loadedSequence;
    }

    public long Number { get; } = Random.Shared.NextInt64();

    public long LoadedSequence { get; }

    /// <summary>The writer that the record before must bear.</summary>
    public long WriterBefore(long sequence) => sequence - 1 == LoadedSequence ? _loadedWriter : Number;

    /// <summary>Takes the next sequence. One out of turn means that two activations take themselves for this writer: then neither goes on.</summary>
    public bool TryTake(long sequence)
    {
        lock (_lock)
        {
            _isBroken |= sequence != _queued + 1;
            _queued = sequence;
            return !_isBroken;
        }
    }
}
