namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// The messages of one batch and their bytes. It is used again for a later batch, because bytes that are allocated anew for each message were two fifths
/// of all that a catching-up feed left to the garbage collector.
/// </summary>
internal sealed class BatchRoom(int messages)
{
    private const int LeastBytes = 256 * 1024;

    /// <summary>Room for a single huge message is let go with it.</summary>
    private const int MostKept = 8 * 1024 * 1024;

    private byte[] _bytes = [];
    private int _used;

    public List<FeedMessage> Messages { get; } = new(messages);

    /// <summary>Lets go of what it holds.</summary>
    public void Clear()
    {
        Messages.Clear();
        _used = 0;
        _bytes = _bytes.Length <= MostKept ? _bytes : [];
    }

    /// <summary>Memory to write to, at least so much.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            // What was kept stays where it is.
            _bytes = new byte[Math.Max(Math.Max(_bytes.Length * 2, LeastBytes), length)];
            _used = 0;
        }

        return _bytes.AsSpan(_used);
    }

    /// <summary>Keeps the beginning of what was reserved last.</summary>
    public ReadOnlyMemory<byte> Keep(int length)
    {
        var kept = _bytes.AsMemory(_used, length);
        _used += length;
        return kept;
    }
}
