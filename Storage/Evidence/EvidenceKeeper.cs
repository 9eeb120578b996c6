using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>
/// Publishes the heads of this process's chains in the log, where whoever may write the database cannot change them: at intervals, if they have moved, and
/// at the stop. Also names the heads of other chains in its own, and removes entries older than the retention.
/// </summary>
internal sealed partial class EvidenceKeeper(IEvidenceLog evidence, StorageOptions options, TimeProvider time, ILogger<EvidenceKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan LinkAndPruneEvery = TimeSpan.FromHours(1);

    private readonly HashSet<EvidenceHead> _published = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Publish();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever checks relies upon the hour, however seldom heads are published.
        using var timer = new PeriodicTimer(options.EvidenceHeadInterval < LinkAndPruneEvery ? options.EvidenceHeadInterval : LinkAndPruneEvery, time);
        var published = time.GetTimestamp();
        long? done = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (done is not { } last || time.GetElapsedTime(last) >= LinkAndPruneEvery)
                {
                    done = time.GetTimestamp();
                    await TryAsync(() => evidence.LinkAsync(stoppingToken));
                    await TryAsync(() => PruneAsync(stoppingToken));
                }

                if (time.GetElapsedTime(published) >= options.EvidenceHeadInterval)
                {
                    published = time.GetTimestamp();
                    Publish();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The heads are published once more by the stop.
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.EvidenceRetention;
        while (await evidence.PruneAsync(before, cancellationToken) > 0)
        {
            // Some at a time, so that other writes come between.
        }
    }

    private void Publish()
    {
        var heads = evidence.Heads;
        foreach (var head in heads.Where(head => !_published.Contains(head)))
        {
            LogHead($"{head}");
        }

        _published.Clear();
        _published.UnionWith(heads);
    }

    /// <summary>What fails is tried again at the next interval; the chains themselves do not depend on it.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(error);
        }
    }
}
