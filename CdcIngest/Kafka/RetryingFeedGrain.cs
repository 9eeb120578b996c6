using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// The feed's grain as seen from another process: a call that gets no answer is repeated until one comes, because the silo that has the grain may just be
/// replaced. All of these calls may be repeated. Reports are not: the next one follows.
/// </summary>
internal sealed partial class RetryingFeedGrain(
    IFeedGrain feed, IFeedCoordinatorGrain coordinator, TimeSpan timeout, TimeProvider clock, ILogger logger, CancellationToken stopping) : IFeedGrain, IFeedCoordinatorGrain
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(2);

    public Task<FeedRecord> OpenAsync() => RepeatAsync(feed.OpenAsync);

    public Task CheckpointAsync(FeedCheckpoint checkpoint) => RepeatAsync(() => feed.CheckpointAsync(checkpoint));

    public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) =>
        RepeatAsync(() => feed.BeginSnapshotAsync(origin, partitions));

    public Task<FeedProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions, int known) =>
        RepeatAsync(() => coordinator.BeginSnapshotAsync(origin, partitions, known));

    public Task LogWasResetAsync(int generation) => RepeatAsync(() => coordinator.LogWasResetAsync(generation));

    public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null) =>
        RepeatAsync(() => feed.PassSnapshotAsync(generation, partitions, lastRow, waiting));

    public Task MarkUnprovenAsync(UnprovenMark mark) => RepeatAsync(() => feed.MarkUnprovenAsync(mark));

    public Task ClearUnprovenAsync(string positionId) => RepeatAsync(() => feed.ClearUnprovenAsync(positionId));

    public Task OnHeartbeatAsync(DateTimeOffset at) => feed.OnHeartbeatAsync(at).WaitAsync(timeout, clock, stopping);

    public Task ReportAsync(FeedReport report) => feed.ReportAsync(report).WaitAsync(timeout, clock, stopping);

    public Task<FeedStatus> StatusAsync(string? desk) => RepeatAsync(() => feed.StatusAsync(desk));

    public Task<FeedProgress> ProgressAsync() => coordinator.ProgressAsync().WaitAsync(timeout, clock, stopping);

    private Task RepeatAsync(Func<Task> call) => RepeatAsync(async () =>
    {
        await call();
        return true;
    });

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        var delay = s_firstDelay;
        while (true)
        {
            try
            {
                return await call().WaitAsync(timeout, clock, stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                LogRepeats(exception, delay);
            }

            await Task.Delay(delay, clock, stopping);
            delay = RetryDelay.After(delay, s_longestDelay);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed's grain did not answer; the call is repeated after {Delay}")]
    private partial void LogRepeats(Exception exception, TimeSpan delay);
}
