using System.IO.Compression;
using System.Text;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Replay.Tests;

/// <summary>Every form that a real connector sent leads to what the database itself answered, whatever happens on the way.</summary>
public class CapturedFileTests
{
    public static TheoryData<string> Forms =>
    [
        "envelope-string", "envelope-precise", "envelope-schema-precise", "envelope-double",
        "flat-rewrite-string", "flat-tombstone-precise", "flat-noprefix-precise", "flat-plain-string",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public Task A_cut_of_each_form_leads_to_the_databases_own_answer(string form) => LeadsToTheAnswerAsync(Captures.Cut, form);

    [WholeCaptureTheory]
    [MemberData(nameof(Forms))]
    public Task Each_form_leads_to_the_databases_own_answer(string form) => LeadsToTheAnswerAsync(Captures.Whole!, form);

    [WholeCaptureTheory]
    [MemberData(nameof(Forms))]
    public async Task The_end_sent_again_at_new_offsets_changes_nothing(string form)
    {
        using var file = new TemporaryFile();
        await WriteAsync(file.Path, Captures.WithTheEndAgain(Captures.Lines(Captures.FileOf(Captures.Whole!, form)), repeated: 400));
        await using var cluster = await RiskCluster.StartAsync();
        var run = new ReplayRun(cluster, file.Path);
        await run.ToTheEndAsync();
        await AssertAnswerAsync(Captures.Whole!, form, run);
    }

    [WholeCaptureTheory]
    [MemberData(nameof(Forms))]
    public async Task A_process_that_dies_again_and_again_ends_at_the_same_answer(string form)
    {
        await using var cluster = await RiskCluster.StartAsync();
        var run = new ReplayRun(cluster, Captures.FileOf(Captures.Whole!, form));
        for (var death = 0; death < 12; death++)
        {
            await run.UntilItDiesAsync(atCall: 1 + (death * 5), afterTheCall: death % 2 == 0);
            if (death % 4 == 3)
            {
                await cluster.KillAndRestartAsync();
            }
        }

        await run.ToTheEndAsync();
        await AssertAnswerAsync(Captures.Whole!, form, run);
    }

    [WholeCaptureTheory]
    [InlineData("1000000", false, 0)]
    [InlineData("2000000", false, 0)]
    [InlineData("2000000", true, 0)]
    [InlineData("1000000", true, 12)]
    [InlineData("2000000", false, 25)]
    public async Task The_binlogs_order_leads_to_exactly_the_episodes_of_a_naive_model(string limit, bool endAgain, int deaths)
    {
        using var file = new TemporaryFile();
        var lines = Captures.Lines(Captures.FileOf(Captures.Whole!, "envelope-string"));
        await WriteAsync(file.Path, endAgain ? Captures.WithTheEndAgain(lines, repeated: 700) : lines);
        await using var cluster = await RiskCluster.StartAsync(netLimit: decimal.Parse(limit));
        var run = new ReplayRun(cluster, file.Path);
        for (var death = 0; death < deaths; death++)
        {
            await run.UntilItDiesAsync(atCall: 1 + (death * 3), afterTheCall: death % 2 == 0);
        }

        await run.ToTheEndAsync();
        var expected = Captures.ExpectedEpisodes(Captures.Whole!, limit);
        IReadOnlyList<Alert> alerts = [];
        await Eventually.IsTrueAsync(
            $"{expected.Count} alerts are stored, with their ends",
            async () => (alerts = await cluster.AlertsAsync()).Count >= expected.Count
                && alerts.Count(alert => alert.Episode.IsOpen) == expected.Count(episode => episode.IsOpen));
        Assert.Equal(
            expected.OrderBy(episode => episode.Desk, StringComparer.Ordinal).ThenBy(episode => episode.OpenedOffset),
            alerts.OrderBy(alert => alert.Desk, StringComparer.Ordinal).ThenBy(alert => alert.Episode.Number)
                .Select(alert => new ExpectedEpisode(
                    alert.Desk, alert.Episode.Cause.Delivery!.Value.Offset, alert.Episode.OpenedValue, alert.Episode.IsOpen, alert.Transient)));
    }

    [Fact]
    public async Task A_truncated_table_leaves_the_feed_unproven()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var run = new ReplayRun(cluster, Path.Combine(Captures.Cut, "truncate.jsonl"));
        await run.ToTheEndAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>("positions_cdc_extra_truncate");
        await feed.OnHeartbeatAsync(DateTimeOffset.UtcNow);
        var status = await feed.StatusAsync(null);
        Assert.Equal(FeedState.Unproven, status.State);
        Assert.Contains(status.Reasons, reason => reason.Contains("truncated"));
    }

    [Fact]
    public async Task An_unreadable_change_is_kept_and_its_desk_is_unproven_until_a_later_row_applies()
    {
        const string Good = """{"topic":"t","partition":0,"offset":0,"key":"{\"position_id\":\"A\"}","payload":"{\"position_id\":\"A\",\"trader_id\":\"t\",\"desk\":\"D\",\"security_id\":\"s\",\"quantity\":\"1\",\"delta\":\"10\",\"entry_date\":20454,\"currency\":\"USD\"}"}""";
        var bad = Good.Replace("\"offset\":0", "\"offset\":1").Replace("\\\"10\\\"", "\\\"ten\\\"");
        var healed = Good.Replace("\"offset\":0", "\"offset\":2").Replace("\\\"10\\\"", "\\\"12.5\\\"");
        using var file = new TemporaryFile();
        await using var cluster = await RiskCluster.StartAsync();
        var run = new ReplayRun(cluster, file.Path);
        await WriteAsync(file.Path, [Good, bad, "not json at all"]);
        await run.ToTheEndAsync();

        var letters = await cluster.Stored<IDeadLetterStore>().ListAsync(10, CancellationToken.None);
        Assert.Equal(2, letters.Count);
        var letter = Assert.Single(letters, letter => letter.PositionId == "A");
        Assert.Equal(new Delivery("t", 0, 1), letter.Delivery);
        Assert.Contains("delta", letter.Reason);
        Assert.Equal(10m, (await cluster.ReadAsync("D")).Totals.Net);
        var feed = cluster.Grains.GetGrain<IFeedGrain>("t");
        Assert.Contains((await feed.OpenAsync()).Unproven, mark => mark.PositionId == "A" && mark.Desks.Contains("D"));

        await WriteAsync(file.Path, [Good, bad, healed]);
        await run.ToTheEndAsync();
        Assert.Equal(12.5m, (await cluster.ReadAsync("D")).Totals.Net);
        Assert.DoesNotContain((await feed.OpenAsync()).Unproven, mark => mark.PositionId == "A");
    }

    private static async Task LeadsToTheAnswerAsync(string folder, string form)
    {
        await using var cluster = await RiskCluster.StartAsync();
        var run = new ReplayRun(cluster, Captures.FileOf(folder, form));
        await run.ToTheEndAsync();
        await AssertAnswerAsync(folder, form, run);
    }

    private static async Task AssertAnswerAsync(string folder, string form, ReplayRun run)
    {
        var expected = Captures.ExpectedPositions(folder);
        var actual = await run.PositionsAsync();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Values, row => Assert.Equal(Comparable(row, form), Comparable(actual[row.PositionId], form)));
    }

    /// <summary>JSON numbers of a connector that sends doubles carry no more than a double does.</summary>
    private static object Comparable(Position row, string form) => form == "envelope-double"
        ? row with { Quantity = 0, Delta = null, UpdatedAt = null } is var rest ? (rest, (double)row.Quantity, (double?)row.Delta) : row
        : row with { UpdatedAt = null };

    private static async Task WriteAsync(string path, IEnumerable<string> lines)
    {
        await using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await file.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
