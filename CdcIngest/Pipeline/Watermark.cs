using RiskMonitor.Grains.Interfaces;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// How far the feed was read when a batch ended. Once every desk that the messages before it touched has answered, its offsets may be stored:
/// the state to go on from belongs to the offsets, so both are kept together.
/// </summary>
internal sealed class Watermark
{
    private int _outstanding;

    /// <summary>Set when the batch has been read to its end; null before.</summary>
    public FeedCheckpoint? Checkpoint { get; private set; }

    public bool IsDone => Checkpoint is not null && Volatile.Read(ref _outstanding) == 0;

    public void Add() => Interlocked.Increment(ref _outstanding);

    /// <summary>Desks have confirmed so many of its changes.</summary>
    public void Confirm(int changes) => Interlocked.Add(ref _outstanding, -changes);

    public void Close(FeedCheckpoint checkpoint) => Checkpoint = checkpoint;
}
