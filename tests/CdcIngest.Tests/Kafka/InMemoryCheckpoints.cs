using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>Checkpoint rows as a database keeps them. All ingests of a test share them.</summary>
internal sealed class InMemoryCheckpoints : IPartitionCheckpoints
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Feed, string Partition), OwnedCheckpoint> _rows = [];

    /// <summary>How often an owner was refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The owners so far have stored nothing.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            foreach (var (key, row) in _rows.ToList())
            {
                _rows[key] = row with { Checkpoint = null };
            }
        }
    }

    public Task<OwnedCheckpoint> OpenAsync(string feed, string partition, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var known = _rows.GetValueOrDefault((feed, partition)) ?? new OwnedCheckpoint(partition, 0, null);
            return Task.FromResult(_rows[(feed, partition)] = known with { Epoch = known.Epoch + 1 });
        }
    }

    public Task<bool> StoreAsync(string feed, string partition, long epoch, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_rows.TryGetValue((feed, partition), out var known) || known.Epoch != epoch)
            {
                Refused++;
                return Task.FromResult(false);
            }

            _rows[(feed, partition)] = known with { Checkpoint = checkpoint.ToArray() };
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<OwnedCheckpoint>> ReadAsync(string feed, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<OwnedCheckpoint>>([.. _rows.Where(row => row.Key.Feed == feed).Select(row => row.Value)]);
        }
    }
}
