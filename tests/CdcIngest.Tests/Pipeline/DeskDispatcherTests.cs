using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>How many calls the dispatcher makes at a time, and what goes together in one.</summary>
public sealed class DeskDispatcherTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, SlowDesk> _desks = new(StringComparer.Ordinal);

    [Fact]
    public async Task Without_a_backlog_every_desk_is_called_at_once()
    {
        var dispatcher = NewDispatcher(maxCalls: 3);

        Add(dispatcher, "A", "B", "C");
        dispatcher.Send();

        await ComesTrueAsync("all three are called", () => Calls("A") == 1 && Calls("B") == 1 && Calls("C") == 1);
    }

    [Fact]
    public async Task What_waits_for_a_permit_goes_together_in_one_call()
    {
        var dispatcher = NewDispatcher(maxCalls: 1);
        Add(dispatcher, "A");
        dispatcher.Send();
        await ComesTrueAsync("the one permit is taken", () => Calls("A") == 1);

        for (var i = 0; i < 40; i++)
        {
            Add(dispatcher, "A", "B");
            dispatcher.Send();
        }

        Assert.Equal(0, Calls("B"));
        Of("A").Answer();
        await ComesTrueAsync("the next permit goes to the desk that has waited longest", () => Calls("B") == 1);
        Assert.Equal(1, Calls("A"));
        Of("B").Answer();
        await ComesTrueAsync("then to the next", () => Calls("A") == 2);

        Assert.Equal([1, 40], Of("A").Sizes);
        Assert.Equal([40], Of("B").Sizes);
    }

    [Fact]
    public async Task A_desk_that_hangs_gives_its_permit_back_and_keeps_the_order_of_its_own_changes()
    {
        var dispatcher = NewDispatcher(maxCalls: 1);
        Add(dispatcher, "A", "B", "A");
        dispatcher.Send();
        await ComesTrueAsync("the one permit is taken", () => Calls("A") == 1);

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        dispatcher.Report();
        Assert.Equal(0, Calls("B"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        dispatcher.Report();

        await ComesTrueAsync("another desk is called", () => Calls("B") == 1);
        Add(dispatcher, "A");
        Of("B").Answer();
        await dispatcher.WaitAsync(3).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, Calls("A"));
        Of("A").Answer();
        await ComesTrueAsync("it is called again", () => Calls("A") == 2);
        Of("A").Answer();
        await dispatcher.DrainAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal([2, 1], Of("A").Sizes);
    }

    [Fact]
    public async Task While_more_is_read_changes_wait_until_enough_of_them_wait()
    {
        var dispatcher = NewDispatcher(maxCalls: 3, gatherUpTo: 4);

        Add(dispatcher, "A", "B", "A");
        await dispatcher.WaitAsync(100, gathers: true);
        Assert.Empty(_desks.Values.SelectMany(desk => desk.Sizes));
        Add(dispatcher, "B", "C");
        await dispatcher.WaitAsync(100, gathers: true);

        await ComesTrueAsync("the desk that has waited longest is called, and too few changes are left for another call", () => Calls("A") == 1);
        Assert.Equal([2], Of("A").Sizes);
        Assert.Equal(0, Calls("B"));

        await dispatcher.WaitAsync(100);
        await ComesTrueAsync("the feed has nothing more: all are called", () => Calls("B") == 1 && Calls("C") == 1);
        Assert.Equal([2], Of("B").Sizes);
    }

    [Fact]
    public async Task Gathering_never_waits_for_more_than_may_be_read()
    {
        var dispatcher = NewDispatcher(maxCalls: 3, gatherUpTo: 1_000, maxOutstanding: 4);

        Add(dispatcher, "A", "A");
        await dispatcher.WaitAsync(4, gathers: true);

        await ComesTrueAsync("half of what may be read is enough", () => Calls("A") == 1);
    }

    [Theory]
    [InlineData(0.2, false, 0.2)]
    [InlineData(0d, false, 0)]
    [InlineData(-5d, false, 0)]
    [InlineData(3_600d, false, 2)]
    [InlineData(1.2, true, 0.2)]
    [InlineData(null, false, 0.5)]
    public async Task While_more_is_read_no_change_waits_for_others_longer_than_it_was_late(double? late, bool isCutToSecond, double longest)
    {
        var dispatcher = NewDispatcher(maxCalls: 3, gatherUpTo: 4);
        var time = late is { } seconds ? new SourceTime(Noon - TimeSpan.FromSeconds(seconds), isCutToSecond, null) : (SourceTime?)null;
        Add(dispatcher, new PositionChange(new Delivery("t", 0, 1), "P", null, null, null, time), "A");
        if (longest > 0)
        {
            await dispatcher.WaitAsync(100, gathers: true);
            _clock.Advance(TimeSpan.FromSeconds(longest) - TimeSpan.FromMilliseconds(1));
            dispatcher.Report();
            Assert.Empty(_desks.Values.SelectMany(desk => desk.Sizes));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await dispatcher.WaitAsync(100, gathers: true);
        await ComesTrueAsync("the desk is called", () => Calls("A") == 1);
    }

    [Fact]
    public async Task A_run_that_ends_takes_back_what_it_has_counted()
    {
        using var meters = new Publishing.ListeningMeters();
        var dispatcher = NewDispatcher(maxCalls: 2, metrics: new IngestMetrics(meters, _clock));
        Add(dispatcher, "A", "B");
        dispatcher.Send();
        await ComesTrueAsync("both are called", () => Calls("A") == 1 && Calls("B") == 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        dispatcher.Report();
        Assert.Equal(2, meters.Sum("cdc_desks_waiting", ""));

        dispatcher.End();
        Assert.Equal(0, meters.Sum("cdc_desks_waiting", ""));

        var answered = new TaskCompletionSource();
        dispatcher.Answered = () => answered.TrySetResult();
        Of("A").Answer();
        await answered.Task;
        Assert.Equal(0, meters.Sum("cdc_desks_waiting", ""));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private DeskDispatcher NewDispatcher(int maxCalls, int gatherUpTo = 0, int maxOutstanding = 50_000, IngestMetrics? metrics = null) => new(
        "feed", isTotallyOrdered: true, Of, new IngestOptions { MaxCalls = maxCalls, GatherUpTo = gatherUpTo, MaxOutstanding = maxOutstanding }, metrics ?? new IngestMetrics(new Meters(), _clock), _clock, NullLogger.Instance, _stop.Token);

    private static void Add(DeskDispatcher dispatcher, params ReadOnlySpan<string> desks) =>
        Add(dispatcher, new PositionChange(new Delivery("t", 0, 1), "P", null, null, null, null), desks);

    private static void Add(DeskDispatcher dispatcher, PositionChange change, params ReadOnlySpan<string> desks)
    {
        var read = new ReadState(new Watermark(), Noon, default);
        foreach (var desk in desks)
        {
            dispatcher.Add(desk, change, read);
        }
    }

    private SlowDesk Of(string desk) => _desks.GetOrAdd(desk, _ => new SlowDesk());

    private int Calls(string desk) => Of(desk).Sizes.Count;

    private static Task ComesTrueAsync(string what, Func<bool> condition) => Eventually.IsTrueAsync(what, condition);

    /// <summary>A desk that answers when the test says so.</summary>
    private sealed class SlowDesk : IDeskRiskGrain
    {
        private readonly ConcurrentQueue<int> _sizes = new();
        private TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How many changes each call had.</summary>
        public IReadOnlyList<int> Sizes => [.. _sizes];

        public void Answer() => Interlocked.Exchange(ref _answer, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

        public Task ApplyAsync(DeskBatch batch)
        {
            var answer = _answer.Task;
            _sizes.Enqueue(batch.Changes.Count);
            return answer;
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }
}
