namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Fingerprints of the last messages of a partition. When an offset comes again, they show whether it is the same message read once more, or another
/// one in a topic that was re-created under its old name.
/// </summary>
internal sealed class SeenMessages
{
    /// <summary>16 bytes each. Older messages are recognised by their source positions, or not at all.</summary>
    private const int Kept = 65_536;

    private (long Offset, long Fingerprint)[] _ring = new (long, long)[16];
    private int _first;
    private int _count;

    /// <summary>Every message from here on is in the ring.</summary>
    private long _knownFrom;

    /// <param name="knownFrom">What comes from here on and is not known here was not there.</param>
    public SeenMessages(long knownFrom) => _knownFrom = knownFrom;

    public SeenMessages(long lastOffset, long lastFingerprint)
    {
        _knownFrom = lastOffset;
        Add(lastOffset, lastFingerprint);
    }

    /// <summary>-1 before any.</summary>
    public long LastOffset { get; private set; } = -1;

    public long LastFingerprint { get; private set; }

    /// <summary>Notes a message; one that does not come after the last is known already.</summary>
    public void Add(long offset, long fingerprint)
    {
        if (offset <= LastOffset)
        {
            return;
        }

        LastOffset = offset;
        LastFingerprint = fingerprint;
        if (_count == _ring.Length)
        {
            MakeRoom();
        }

        _ring[(_first + _count++) % _ring.Length] = (offset, fingerprint);
    }

    /// <returns>Null where the message is too long ago to be known.</returns>
    public bool? IsTheSame(long offset, long fingerprint)
    {
        var low = 0;
        var high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (found, known) = _ring[(_first + middle) % _ring.Length];
            if (found == offset)
            {
                return known == fingerprint;
            }

            if (found < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return offset >= _knownFrom ? false : null;
    }

    private void MakeRoom()
    {
        if (_ring.Length == Kept)
        {
            _knownFrom = _ring[_first].Offset + 1;
            _first = (_first + 1) % Kept;
            _count--;
            return;
        }

        var larger = new (long, long)[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_first + i) % _ring.Length];
        }

        _ring = larger;
        _first = 0;
    }
}
