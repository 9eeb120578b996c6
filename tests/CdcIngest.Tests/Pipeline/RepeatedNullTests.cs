using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>In a form where a null alone deletes, a connector that starts again repeats nulls, too, and it may pause anywhere in what it repeats.</summary>
public sealed class RepeatedNullTests
{
    private const string Topic = "t";

    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);

    private readonly InMemoryDesks _desks = new();
    private readonly InMemoryFeedGrain _feedGrain = new();
    private readonly List<FeedBatch> _earlier = [];
    private readonly List<FeedBatch> _batches = [];
    private DateTimeOffset _now = s_noon;
    private long _offset;

    [Fact]
    public async Task What_the_first_message_of_a_repeated_run_has_deleted_is_restored_by_what_follows()
    {
        Read(Row("X", 100), Null("X"), Row("X", 300), Row("Y", 400));

        Read(Null("X"));
        Read(Row("X", 300), Row("Y", 400));

        await RunAsync();
        Assert.Equal(["X", "Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    [Fact]
    public async Task What_a_null_has_deleted_is_unproven_while_the_connector_repeats()
    {
        Read(Row("X", 100), Row("Z", 150), Null("X"), Row("X", 300), Row("Y", 400));

        Read(Null("X"));
        Read(Row("Z", 150));

        await RunAsync();
        Assert.Equal(["Y", "Z"], Held());
        IsUnproven("X");
    }

    [Fact]
    public async Task What_a_null_has_deleted_before_a_takeover_is_restored_by_the_next_owner()
    {
        Read(Row("X", 100), Null("X"), Row("X", 300), Row("Y", 400));
        Read(Null("X"));
        await RunAsync();
        Assert.Equal(["Y"], Held());

        Read(Row("X", 300));
        Read(Row("Y", 400));
        await RunAsync();

        Assert.Equal(["X", "Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    [Fact]
    public async Task What_a_null_has_deleted_is_restored_although_its_owner_could_store_nothing_more()
    {
        Read(Row("X", 100), Null("X"), Row("X", 300), Row("Y", 400));
        await RunAsync();
        var stored = _feedGrain.Record;
        var offset = _offset;
        Read(Null("X"));
        await RunAsync();
        Assert.Equal(["Y"], Held());

        await _feedGrain.CheckpointAsync(new FeedCheckpoint(stored.Partitions, null, stored.TombstonesAccompanyDeletes, null));
        _offset = offset;
        Read(Null("X"));
        Read(Row("X", 300), Row("Y", 400), Row("Y", 500));
        await RunAsync();

        Assert.Equal(["X", "Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    [Fact]
    public async Task A_position_that_is_deleted_is_not_shown_while_its_rows_are_repeated()
    {
        Read(Row("X", 100), Row("Y", 200), Null("X"));
        await RunAsync();
        var puts = _desks.Puts;

        Read(Row("X", 100));
        Read(Row("Y", 200), Null("X"));
        Read(Row("Z", 300));

        await RunAsync();
        Assert.Equal(["Y", "Z"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
        Assert.DoesNotContain("X", _desks.Puts.Skip(puts.Count));
    }

    [Fact]
    public async Task What_a_null_has_deleted_because_the_connector_paused_behind_it_is_restored_by_what_follows()
    {
        Read(Row("X", 100), Null("X"), Row("X", 300), Row("Y", 400));

        Read(Row("X", 100), Null("X"));
        _now += s_long;
        Read();
        Read(Row("X", 300), Row("Y", 400));

        await RunAsync();
        Assert.Equal(["X", "Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    [Fact]
    public async Task A_null_that_news_follow_leaves_no_doubt()
    {
        Read(Row("X", 100), Row("Y", 200));

        Read(Null("X"));
        Read(Row("Y", 300));

        await RunAsync();
        Assert.Equal(["Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    [Fact]
    public async Task A_delete_that_is_repeated_with_all_that_was_before_it_leaves_no_doubt()
    {
        Read(Row("X", 100), Row("Y", 200), Null("X"));

        Read(Row("X", 100), Row("Y", 200), Null("X"));
        Read(Row("Y", 300));

        await RunAsync();
        Assert.Equal(["Y"], Held());
        Assert.Empty(_feedGrain.Record.Unproven);
    }

    private static (string Id, string? Value) Row(string id, long at) => (id, string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"position_id":"{{id}}","trader_id":"t","desk":"Desk","security_id":"s","quantity":"1.0","delta":"1.0","entry_date":20454,"currency":"USD","__op":"u","__source_file":"binlog.000001","__source_pos":{{at}},"__source_ts_ms":{{1_777_000_000_000L + at}}}"""));

    private static (string Id, string? Value) Null(string id) => (id, null);

    private void IsUnproven(string id)
    {
        var mark = Assert.Single(_feedGrain.Record.Unproven);
        Assert.Equal((id, "Desk"), (mark.PositionId, Assert.Single(mark.Desks)));
    }

    private IEnumerable<string> Held() => _desks.Held().Select(held => held.Id);

    /// <summary>Adds a batch: what is there at one moment.</summary>
    private void Read(params (string Id, string? Value)[] messages)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _batches.Add(new FeedBatch(
            [
                .. messages.Select(message => new FeedMessage(
                    new Delivery(Topic, 0, _offset++),
                    Encoding.UTF8.GetBytes($$"""{"position_id":"{{message.Id}}"}"""),
                    Encoding.UTF8.GetBytes(message.Value ?? ""),
                    message.Value is not null)),
            ],
            [new FeedPartition(Topic, 0)],
            _now));
    }

    /// <summary>One owner reads what was added since the last, from where that one's checkpoint is.</summary>
    private async Task RunAsync()
    {
        await NewOwner().RunAsync(CancellationToken.None);
        _earlier.AddRange(_batches);
        _batches.Clear();
    }

    private IngestPipeline NewOwner() => new(
        new Batches(_earlier, _batches),
        _feedGrain,
        _desks.Of,
        new DebeziumDecoder(new DebeziumOptions()),
        _desks,
        new NoDeadLetters(),
        new IngestOptions { CheckpointInterval = TimeSpan.Zero },
        new IngestMetrics(new Meters(), TimeProvider.System),
        TimeProvider.System,
        NullLogger.Instance);

    private sealed class Batches(IReadOnlyList<FeedBatch> earlier, IReadOnlyList<FeedBatch> batches) : IChangeFeed
    {
        public string Name => Topic;

        public bool IsTotallyOrdered => true;

        public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FeedPartition>>([new(Topic, 0)]);

        public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var next = from.GetValueOrDefault(new FeedPartition(Topic, 0));
            var first = batches.SelectMany(batch => batch.Messages).Select(message => message.Delivery.Offset).DefaultIfEmpty(long.MaxValue).Min();
            foreach (var batch in earlier)
            {
                // What the last owner has read and not stored as done.
                if (batch.Messages.Where(message => message.Delivery.Offset >= next && message.Delivery.Offset < first).ToList() is { Count: > 0 } again)
                {
                    yield return batch with { Messages = again };
                }
            }

            foreach (var batch in batches)
            {
                yield return batch;
            }

            await Task.CompletedTask;
        }

        public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
