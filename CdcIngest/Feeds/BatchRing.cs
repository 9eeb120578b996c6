namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Buffers for the batches of a feed that is read ahead. A buffer is used again when the pipeline has asked for the batch after its own.</summary>
/// <param name="ahead">As of <see cref="ReadAhead"/>.</param>
internal sealed class BatchRing(int messages, int ahead)
{
    // One batch is being handled, so many wait, and one is being read.
    private readonly BatchRoom[] _rooms = [.. Enumerable.Range(0, ahead + 2).Select(_ => new BatchRoom(messages))];
    private int _next;

    /// <summary>An empty room for the next batch.</summary>
    public BatchRoom Next()
    {
        var room = _rooms[_next++ % _rooms.Length];
        room.Clear();
        return room;
    }
}
