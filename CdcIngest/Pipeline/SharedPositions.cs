using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Which desks hold which positions, as last read: once for all partitions that a process owns. A partition keeps to itself only what it has moved, so that
/// the book is in memory once and not once for each partition.
/// </summary>
/// <remarks>
/// An opening gets a reading that began after it had taken its partition over, so that it sees what the previous owner had stored as done. The partitions
/// that are open already go by the newer reading, too: it has all that the older one had, and what their own changes moved they know themselves.
/// </remarks>
internal sealed partial class SharedPositions(IPositionDirectory directory, TimeProvider clock, ILogger logger)
{
    /// <summary>An opening does not wait longer for the reading that began before it, which may hang.</summary>
    private static readonly TimeSpan s_waitsAtMost = TimeSpan.FromSeconds(10);

    /// <summary>A reading that brings nothing for so long is given up.</summary>
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task _current = Task.CompletedTask;
    private Task? _next;
    private int _begun;
    private int _newest;
    private volatile StoredPositions _stored = new();

    public StoredPositions Current => _stored;

    /// <summary>Ends when <see cref="Current"/> is of a reading that began after this call. Partitions that are opened at the same time share one.</summary>
    public Task ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return (_next ??= ReadNextAsync(_current)).WaitAsync(cancellationToken);
        }
    }

    private async Task ReadNextAsync(Task before)
    {
        await Task.Yield();
        if (await Task.WhenAny(before, Task.Delay(s_waitsAtMost, clock)) != before)
        {
            LogHangs(s_waitsAtMost);
        }

        int number;
        lock (_gate)
        {
            // Whoever comes from here on waits for the reading after this one.
            _current = _next!;
            _next = null;
            number = ++_begun;
        }

        var positions = await ReadAllAsync();
        lock (_gate)
        {
            if (number > _newest)
            {
                _newest = number;
                _stored = positions;
            }
        }
    }

    private async Task<StoredPositions> ReadAllAsync()
    {
        var positions = new StoredPositions();
        using var stop = new CancellationTokenSource();
        var reading = directory.LoadAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        try
        {
            while (await reading.MoveNextAsync().AsTask().WaitAsync(s_longestSilence, clock))
            {
                positions.Add(reading.Current);
            }
        }
        catch (TimeoutException)
        {
            // It cannot be closed while it reads.
            await stop.CancelAsync();
            throw;
        }

        await reading.DisposeAsync();
        return positions;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reading of all positions has not ended after {Waited}; another one begins beside it")]
    private partial void LogHangs(TimeSpan waited);
}

/// <summary>The desks of all positions. Not changed any more once it is shared.</summary>
internal sealed class StoredPositions
{
    private readonly Dictionary<string, Holding?> _positions = new(StringComparer.Ordinal);

    public int Count => _positions.Count;

    public void Add(in HeldBy held) => Holding.Add(_positions, held);

    public Holding? Find(string positionId) => _positions.GetValueOrDefault(positionId);
}
