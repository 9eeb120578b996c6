using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Desks;

/// <summary>The newest complete snapshot of each feed, as far as an activation of a desk was told.</summary>
internal sealed class CompletedSnapshots
{
    private readonly Dictionary<string, CompletedSnapshot> _newest = new(StringComparer.Ordinal);

    public void Note(string feed, CompletedSnapshot snapshot)
    {
        if (snapshot.Generation > _newest.GetValueOrDefault(feed).Generation)
        {
            _newest[feed] = snapshot;
        }
    }

    /// <summary>
    /// What counts of a batch. One that was read before a snapshot which is complete by now may come late, from an owner that has lost its partition; the next
    /// owner passes such changes over. What lies before the snapshot is in it or gone, and would stay at the desk until the next one.
    /// </summary>
    public IReadOnlyList<PositionChange> CurrentOf(DeskBatch batch)
    {
        Note(batch.Feed, batch.Snapshot.Completed);
        return _newest.TryGetValue(batch.Feed, out var completed) && batch.Snapshot.Generation < completed.Generation && completed.Source is { } taken
            ? [.. batch.Changes.Where(change => change.Source?.IsBefore(taken) != true)]
            : batch.Changes;
    }
}
