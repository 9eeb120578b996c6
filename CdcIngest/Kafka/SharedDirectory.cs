using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// Lets partitions that are opened at the same time share one reading of the directory. An opening gets only a reading that began after it had taken its
/// partition over, so that it sees what the previous owner had stored as done.
/// </summary>
internal sealed class SharedDirectory(IPositionDirectory directory) : IPositionDirectory
{
    private readonly Lock _gate = new();
    private Task _current = Task.CompletedTask;
    private Task<IReadOnlyList<HeldBy>>? _next;

    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<HeldBy>> reading;
        lock (_gate)
        {
            reading = _next ??= ReadNextAsync(_current);
        }

        foreach (var held in await reading.WaitAsync(cancellationToken))
        {
            yield return held;
        }
    }

    private async Task<IReadOnlyList<HeldBy>> ReadNextAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            // Whoever comes from here on waits for the reading after this one.
            _current = _next!;
            _next = null;
        }

        var all = new List<HeldBy>();
        await foreach (var held in directory.LoadAsync(CancellationToken.None))
        {
            all.Add(held);
        }

        return all;
    }
}
