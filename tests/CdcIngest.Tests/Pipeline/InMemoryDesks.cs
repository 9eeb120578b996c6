using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>Desks of the real domain, without grains and journals; what they hold survives a run.</summary>
internal sealed class InMemoryDesks : IPositionDirectory
{
    private readonly ConcurrentDictionary<string, Desk> _desks = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _puts = new();

    public IDeskRiskGrain Of(string desk) => _desks.GetOrAdd(desk, name => new Desk(name, _puts));

    /// <summary>The positions of the rows that desks were given, in their order.</summary>
    public IReadOnlyList<string> Puts => [.. _puts];

    public IReadOnlyList<(string Id, string Desk, decimal Delta)> Held() =>
    [
        .. _desks.Values.SelectMany(desk => desk.Positions).Select(held => (held.Row.PositionId, held.Row.Desk, held.Row.Delta!.Value))
            .OrderBy(row => row.PositionId, StringComparer.Ordinal).ThenBy(row => row.Desk, StringComparer.Ordinal),
    ];

    /// <summary>How many positions a desk holds.</summary>
    public int Count(string desk) => _desks.TryGetValue(desk, out var known) ? known.Positions.Count : 0;

    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var desk in _desks.Values)
        {
            foreach (var held in desk.Positions)
            {
                yield return new HeldBy(held.Row.PositionId, desk.Name, held.Source, held.Generation);
            }
        }
    }

    private sealed class Desk(string name, ConcurrentQueue<string> puts) : IDeskRiskGrain
    {
        private readonly DeskRisk _risk = new(name);
        private readonly Lock _gate = new();

        public string Name => name;

        public IReadOnlyList<HeldPosition> Positions
        {
            get
            {
                lock (_gate)
                {
                    return [.. _risk.Positions];
                }
            }
        }

        public Task ApplyAsync(DeskBatch batch)
        {
            lock (_gate)
            {
                foreach (var change in batch.Changes.Where(change => change.After is not null))
                {
                    puts.Enqueue(change.PositionId);
                }

                var step = new DeskStep();
                _risk.Apply(new ChangesInput(batch.IngestedAt, batch.Feed, batch.Changes, batch.Snapshot, batch.FeedState, batch.IngestedAt), step);
                _risk.Seal(step, batch.IngestedAt);
            }

            return Task.CompletedTask;
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }
}
