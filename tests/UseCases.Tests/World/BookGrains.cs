using System.Reflection;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.UseCases.Tests.World;

/// <summary>A grain factory over a book: knows grains by string key, as the frontend asks for them.</summary>
internal class BookGrains : DispatchProxy
{
    private Book _book = null!;

    public static IGrainFactory Over(Book book)
    {
        var factory = Create<IGrainFactory, BookGrains>();
        ((BookGrains)(object)factory)._book = book;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var key = (string)args![0]!;
        var grain = targetMethod!.ReturnType;
        return grain == typeof(IDeskRiskGrain) ? new DeskGrain(_book, key)
            : grain == typeof(IAlertGrain) ? new AlertGrain(_book, Guid.ParseExact(key, "D"))
            : grain == typeof(ISiloProbeGrain) ? new SiloProbeGrain(_book)
            : grain == typeof(IFeedGrain) && key == Book.Feed ? new FeedGrain(_book)
            : grain == typeof(IFeedPartitionsGrain) && key == Book.Feed ? new FeedPartitionsGrain(_book)
            : throw new NotSupportedException($"{grain.Name} {key}");
    }

    private sealed class DeskGrain(Book book, string desk) : IDeskRiskGrain
    {
        public async Task<DeskSummary> ReadSummaryAsync() => (await book.ReadAsync(desk, DeskDimensions.None)).ToSummary();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => book.ReadAsync(desk, dimensions);

        public Task ApplyAsync(DeskBatch batch) => throw new NotSupportedException();

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync()
        {
            if (book.Failing.TryGetValue(desk, out var failure))
            {
                return Task.FromException(failure);
            }

            book.Judged.Add(desk);
            return Task.CompletedTask;
        }

        public Task FoldAsync()
        {
            if (book.Failing.TryGetValue(desk, out var failure))
            {
                return Task.FromException(failure);
            }

            book.Folded.Add(desk);
            return Task.CompletedTask;
        }
    }

    private sealed class AlertGrain(Book book, Guid alertId) : IAlertGrain
    {
        public Task<AckAnswer> AckAsync(AckRequest request) => book.AckAsync(alertId, request);

        public Task ReportAsync(EpisodeReport report) => throw new NotSupportedException();

        public Task EvaluateAsync() => throw new NotSupportedException();

        public Task<bool> SnoozeAsync(string by, string reason, DateTimeOffset until) => book.SnoozeAsync(alertId, by, reason, until);

        public Task AssignAsync(string by, string to, string reason, DateTimeOffset until) => book.AssignAsync(alertId, by, to, reason, until);

        public Task EndpointsChangedAsync() => throw new NotSupportedException();

        public Task<bool> ReplayAsync(string by) => book.ReplayAsync(alertId, by);
    }

    private sealed class SiloProbeGrain(Book book) : ISiloProbeGrain
    {
        public Task AnswerAsync() => book.Before();
    }

    private sealed class FeedPartitionsGrain(Book book) : IFeedPartitionsGrain
    {
        public Task<IReadOnlyList<PartitionStatus>> PartitionsAsync() => Task.FromResult(book.Partitions);
    }

    private sealed class FeedGrain(Book book) : IFeedGrain
    {
        public Task<FeedStatus> StatusAsync(string? desk) => book.StatusAsync();

        public Task<FeedRecord> OpenAsync() => throw new NotSupportedException();

        public Task CheckpointAsync(FeedCheckpoint checkpoint) => throw new NotSupportedException();

        public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) => throw new NotSupportedException();

        public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null) => throw new NotSupportedException();

        public Task MarkUnprovenAsync(UnprovenMark mark) => throw new NotSupportedException();

        public Task ClearUnprovenAsync(string positionId) => throw new NotSupportedException();

        public Task ReportAsync(FeedReport report) => throw new NotSupportedException();

        public Task OnHeartbeatAsync(DateTimeOffset at) => throw new NotSupportedException();
    }
}
