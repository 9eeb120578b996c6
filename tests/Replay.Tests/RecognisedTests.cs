using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Replay.Tests;

/// <summary>
/// What looks like something that was seen before, and is not, or like a change of a position, and is none: it counts as it should, or the feed is
/// unproven; nothing of it is passed over in silence.
/// </summary>
public class RecognisedTests
{
    [Fact]
    public async Task A_topic_made_anew_under_its_name_counts_by_the_sources_log_and_what_it_lost_is_unproven()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Envelope(0, 100, "c", "P1", "D", 100, at: 1000),
            Lines.Envelope(0, 101, "c", "P2", "D", 200, at: 1100),
            Lines.Envelope(0, 0, "u", "P1", "D", 900, at: 1200),
            Lines.Envelope(0, 1, "c", "P3", "D", 300, at: 1300));

        await book.AssertHoldsAsync(("P1", "D", 900), ("P2", "D", 200), ("P3", "D", 300));
        Assert.Contains("srv.trading.positions[0] began again at offset 0 after 101", await book.UnprovenAsync());
    }

    [Fact]
    public async Task A_topic_made_anew_is_recognised_in_a_second_file_and_when_that_is_read_again()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync("one.jsonl", Lines.Envelope(0, 100, "c", "P1", "D", 100, at: 1000), Lines.Envelope(0, 101, "c", "P2", "D", 200, at: 1100));
        Assert.Empty(await book.UnprovenAsync());
        for (var time = 0; time < 3; time++)
        {
            await book.ReplayAsync("two.jsonl", Lines.Envelope(0, 0, "u", "P1", "D", 900, at: 1200), Lines.Envelope(0, 1, "c", "P3", "D", 300, at: 1300));
        }

        await book.AssertHoldsAsync(("P1", "D", 900), ("P2", "D", 200), ("P3", "D", 300));
        Assert.Contains("began again at offset 0 after 101", await book.UnprovenAsync());

        await book.ReplayAsync("three.jsonl", Lines.Envelope(0, 2, "u", "P3", "E", 301, at: 1400));
        await book.AssertHoldsAsync(("P1", "D", 900), ("P2", "D", 200), ("P3", "E", 301));
    }

    [Fact]
    public async Task Without_source_positions_other_words_at_an_old_offset_are_another_topic()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Plain(0, 0, "P1", "D", 100),
            Lines.Plain(0, 1, "P2", "D", 200),
            Lines.Plain(0, 0, "P1", "D", 900),
            Lines.Line(0, 1, "P2", null));

        await book.AssertHoldsAsync(("P1", "D", 900));
        Assert.Contains("began again at offset 0 after 1", await book.UnprovenAsync());
    }

    [Fact]
    public async Task Old_offsets_in_a_second_file_of_which_nothing_tells_what_they_are_make_the_feed_unproven()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync("one.jsonl", Lines.Plain(0, 0, "P1", "D", 100), Lines.Plain(0, 1, "P2", "D", 200), Lines.Plain(0, 2, "P3", "D", 300));
        await book.ReplayAsync("two.jsonl", Lines.Plain(0, 0, "P1", "D", 900), Lines.Plain(0, 1, "P4", "D", 400));

        Assert.Contains("messages of srv.trading.positions[0] from offset 0 on were passed over", await book.UnprovenAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_capture_that_overlaps_the_first_is_read_on_from_where_it_was(bool placed)
    {
        await using var book = await Book.OpenAsync();
        string Row(long offset, string id, decimal delta) => placed ? Lines.Placed(0, offset, id, "D", delta, 1000 + offset) : Lines.Plain(0, offset, id, "D", delta);
        await book.ReplayAsync("one.jsonl", Row(0, "P1", 100), Row(1, "P2", 200), Row(2, "P1", 300), Row(1, "P2", 200), Row(2, "P1", 300));
        await book.ReplayAsync("two.jsonl", Row(0, "P1", 100), Row(1, "P2", 200), Row(2, "P1", 300), Row(3, "P3", 50));

        await book.AssertHoldsAsync(("P1", "D", 300), ("P2", "D", 200), ("P3", "D", 50));
        Assert.Empty(await book.UnprovenAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_moved_to_another_partition_is_where_its_newest_row_says_in_one_run_or_in_two(bool inTwoRuns)
    {
        string[] newer =
        [
            Lines.Envelope(2, 0, "u", "P1", "G", 200, at: 2000),
            Lines.Envelope(2, 1, "u", "P2", "New", 300, at: 2100),
            Lines.Envelope(2, 2, "d", "P3", "G", 0, at: 2200),
            Lines.Line(2, 3, "P3", null),
            Lines.Envelope(2, 4, "c", "P4", "Other", 1, at: 2300),
        ];
        string[] older =
        [
            Lines.Envelope(0, 0, "c", "P1", "G", 100, at: 1000),
            Lines.Envelope(0, 1, "c", "P2", "Old", 100, at: 1100),
            Lines.Envelope(0, 2, "c", "P3", "G", 100, at: 1200),
            Lines.Envelope(0, 3, "c", "P5", "Other", 2, at: 1300),
        ];
        await using var book = await Book.OpenAsync();
        if (inTwoRuns)
        {
            await book.ReplayAsync("one.jsonl", newer);
            await book.ReplayAsync("two.jsonl", older);
            await book.ReplayAsync("two.jsonl", older);

            // P3 and P5 are both unknown, and no delete that the one partition of the first file had passed is remembered.
            await book.AssertHoldsAtLeastAsync(("P1", "G", 200), ("P2", "New", 300), ("P4", "Other", 1), ("P5", "Other", 2));
            Assert.Contains("changes of one position came in two partitions", await book.UnprovenAsync());
        }
        else
        {
            await book.ReplayAsync("one.jsonl", [.. newer, .. older]);
            await book.AssertHoldsAsync(("P1", "G", 200), ("P2", "New", 300), ("P4", "Other", 1), ("P5", "Other", 2));
            Assert.Empty(await book.UnprovenAsync());
        }
    }

    [Fact]
    public async Task A_delete_is_remembered_over_a_death_until_every_partition_has_passed_it()
    {
        await using var book = await Book.OpenAsync();
        string[] lines =
        [
            Lines.Envelope(2, 0, "u", "P1", "G", 200, at: 2000),
            Lines.Envelope(2, 1, "d", "P3", "G", 0, at: 2200),
            .. Enumerable.Range(0, 1_500).Select(i => Lines.Envelope(2, 2 + i, "u", "P1", "G", 200 + i, at: 2300 + i)),
            Lines.Envelope(0, 0, "c", "P3", "G", 100, at: 1200),
            Lines.Envelope(0, 1, "c", "P1", "Old", 100, at: 1250),
            Lines.Envelope(0, 2, "c", "P5", "Other", 2, at: 1300),
        ];
        for (var death = 0; death < 6; death++)
        {
            await book.DieAsync("one.jsonl", atCall: 1 + (death * 17), lines);
        }

        await book.ReplayAsync("one.jsonl", lines);
        await book.AssertHoldsAsync(("P1", "G", 1699), ("P5", "Other", 2));
        Assert.Empty(await book.UnprovenAsync());
    }

    [Fact]
    public async Task A_null_in_the_partition_that_a_key_has_left_deletes_nothing()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Placed(2, 0, "P1", "D", 200, at: 2000),
            Lines.Placed(0, 0, "P1", "D", 100, at: 1000),
            Lines.Line(0, 1, "P1", null),
            Lines.Placed(0, 2, "P2", "D", 50, at: 1100));
        await book.AssertHoldsAsync(("P1", "D", 200), ("P2", "D", 50));
        Assert.Empty(await book.UnprovenAsync());

        // Here nothing bounds the null's age.
        await book.ReplayAsync("two.jsonl", Lines.Line(0, 3, "P1", null));
        await book.AssertHoldsAsync(("P1", "D", 200), ("P2", "D", 50));
        Assert.Contains("a null value came in another partition than the newest row of its position", await book.UnprovenAsync());
    }

    [Fact]
    public async Task Without_source_positions_a_key_in_two_partitions_makes_the_feed_unproven()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync("one.jsonl", Lines.Plain(2, 0, "P1", "D", 200), Lines.Plain(0, 0, "P1", "E", 100));

        Assert.Contains("changes of one position came in two partitions", await book.UnprovenAsync());
    }

    [Fact]
    public async Task Rows_of_other_tables_are_no_positions_whether_topic_or_row_says_so()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Envelope(0, 0, "c", "A0", "Archive", 7, at: 900, table: "positions_archive", topic: "srv.trading.positions_archive"),
            Lines.Envelope(0, 0, "c", "P1", "D", 100, at: 1000),
            Lines.Envelope(0, 1, "c", "P1", "D", 5000, at: 1001, table: "positions_archive", topic: "srv.trading.positions_archive"),
            Lines.Envelope(0, 1, "c", "A1", "D", 5000, at: 1002, table: "positions_archive"),
            Lines.Plain(0, 2, "A2", "D", 5000, topic: "srv.trading.positions_archive"),
            Lines.Line(0, 3, "P1", null, topic: "srv.trading.positions_archive"));

        await book.AssertHoldsAsync(("P1", "D", 100));
        Assert.Empty(await book.UnprovenAsync());
    }

    [Fact]
    public async Task A_null_in_a_topic_that_carries_two_tables_is_unreadable_where_nulls_are_deletes()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Plain(0, 0, "P1", "D", 100, topic: "merged"),
            Lines.Line(0, 1, "P1", "{\"position_id\":\"P1\",\"__table\":\"orders\"}", topic: "merged"),
            Lines.Line(0, 2, "P1", null, topic: "merged"));

        await book.AssertHoldsAsync(("P1", "D", 100));
        Assert.Contains("a change could not be read", await book.UnprovenAsync());
    }

    [Theory]
    [InlineData("trading", "srv2", "srv2.trading.positions")]
    [InlineData("shard_2", "srv", Lines.Topic)]
    public async Task One_id_in_two_databases_is_not_taken_for_one_position_in_silence(string database, string server, string topic)
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Envelope(0, 0, "c", "P1", "A", 100, at: 2000),
            Lines.Envelope(0, 1, "c", "P2", "A", 200, at: 2100, topic: topic, database: database, server: server));
        Assert.Empty(await book.UnprovenAsync());

        await book.ReplayAsync(
            "two.jsonl",
            Lines.Envelope(0, 0, "c", "P1", "A", 100, at: 2000),
            Lines.Envelope(0, 1, "c", "P2", "A", 200, at: 2100, topic: topic, database: database, server: server),
            Lines.Envelope(0, 2, "u", "P1", "A", 101, at: 2200),
            Lines.Envelope(0, 3, "c", "P1", "B", 300, at: 2300, topic: topic, database: database, server: server));

        Assert.Contains("two databases have rows with the same position_id", await book.UnprovenAsync());
    }

    [Fact]
    public async Task A_null_that_was_taken_for_a_delete_before_another_table_came_in_its_topic_is_unproven()
    {
        await using var book = await Book.OpenAsync();
        await book.ReplayAsync(
            "one.jsonl",
            Lines.Line(0, 0, "P1", Lines.Row("P1", "D", 100)[..^1] + ",\"__table\":\"positions\"}", topic: "merged"),
            Lines.Line(0, 1, "P1", null, topic: "merged"),
            Lines.Line(0, 2, "X1", Lines.Row("X1", "D", 5)[..^1] + ",\"__table\":\"archive\"}", topic: "merged"));

        Assert.Contains("null values were taken for deletes in a topic that has turned out to carry other tables", await book.UnprovenAsync());
    }

    [Fact]
    public async Task Keys_of_several_fields_tell_rows_apart()
    {
        await using var book = await Book.OpenAsync();
        static string Keyed(long offset, string key, string id, string desk, decimal? delta) =>
            Lines.Line(0, offset, id, delta is { } value ? Lines.Row(id, desk, value) : null, key: key);
        await book.ReplayAsync(
            "one.jsonl",
            Keyed(0, "Struct{position_id=S1}", "S1", "B1", 100),
            Keyed(1, "Struct{desk=B2 composite,position_id=S2}", "S2", "B2 composite", 100),
            Keyed(2, "Struct{position_id=S3,__dbz__physicalTableIdentifier=shard_1}", "S3", "B3", 100),
            Keyed(3, "{\"position_id\": \"S4\", \"__dbz__physicalTableIdentifier\": \"shard_1\"}", "S4", "B4", 100),
            Keyed(4, "{\"position_id\": \"S4\", \"__dbz__physicalTableIdentifier\": \"shard_2\"}", "S4", "B4", 40),
            Keyed(5, "Struct{position_id=S1}", "S1", "", null),
            Keyed(6, "Struct{desk=B2 composite,position_id=S2}", "S2", "", null),
            Keyed(7, "Struct{position_id=S3,__dbz__physicalTableIdentifier=shard_1}", "S3", "", null),
            Keyed(8, "{\"position_id\": \"S4\", \"__dbz__physicalTableIdentifier\": \"shard_2\"}", "S4", "", null));

        await book.AssertHoldsAsync(("S4,__dbz__physicalTableIdentifier=shard_1", "B4", 100));
        Assert.Empty(await book.UnprovenAsync());
    }

    [Theory]
    [InlineData(",\"payload\":null,\"payload_error\":\"Failed to fetch schema id 7\"")]
    [InlineData(",\"value\":\"{}\"")]
    [InlineData("")]
    public async Task A_line_that_could_not_be_decoded_deletes_nothing_and_is_kept_with_its_reason(string rest)
    {
        await using var book = await Book.OpenAsync();
        var bad = $$"""{"topic":"{{Lines.Topic}}","partition":0,"offset":1,"key":"{\"position_id\":\"P1\"}"{{rest}}}""";
        await book.ReplayAsync("one.jsonl", Lines.Plain(0, 0, "P1", "D", 100), bad);

        await book.AssertHoldsAsync(("P1", "D", 100));
        Assert.Contains("a change could not be read", await book.UnprovenAsync());
        var letter = Assert.Single(await book.Cluster.Stored<IDeadLetterStore>().ListAsync(10, CancellationToken.None));
        Assert.Equal(("P1", 1), (letter.PositionId, letter.Delivery.Offset));
        Assert.StartsWith("line 2: ", letter.Reason, StringComparison.Ordinal);

        await book.ReplayAsync("two.jsonl", Lines.Plain(0, 2, "P1", "D", 120));
        await book.AssertHoldsAsync(("P1", "D", 120));
        Assert.Empty(await book.UnprovenAsync());
    }

    /// <summary>A cluster, and files that are replayed into it one after the other.</summary>
    private sealed class Book : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("replay-").FullName;

        private Book(RiskCluster cluster) => Cluster = cluster;

        public RiskCluster Cluster { get; }

        public static async Task<Book> OpenAsync() => new(await RiskCluster.StartAsync());

        public async Task ReplayAsync(string file, params string[] lines) => await (await RunOf(file, lines)).ToTheEndAsync();

        public async Task DieAsync(string file, int atCall, params string[] lines) => await (await RunOf(file, lines)).UntilItDiesAsync(atCall, afterTheCall: atCall % 2 == 0);

        public async Task AssertHoldsAsync(params (string Id, string Desk, decimal Delta)[] expected) => Assert.Equal(expected, await HeldAsync());

        public async Task AssertHoldsAtLeastAsync(params (string Id, string Desk, decimal Delta)[] expected) => Assert.Subset((await HeldAsync()).ToHashSet(), expected.ToHashSet());

        public async Task<string> UnprovenAsync()
        {
            var feeds = await Task.WhenAll(new[] { Lines.Topic, "merged" }.Select(feed => Cluster.Grains.GetGrain<IFeedGrain>(feed).OpenAsync()));
            return string.Join('\n', feeds.SelectMany(feed => feed.Unproven).Select(mark => mark.Reason));
        }

        public async ValueTask DisposeAsync()
        {
            await Cluster.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private async Task<IReadOnlyList<(string Id, string Desk, decimal Delta)>> HeldAsync() =>
        [
            .. (await new ReplayRun(Cluster, "").PositionsAsync()).Values.Select(row => (row.PositionId, row.Desk, row.Delta!.Value))
                .OrderBy(row => row.PositionId, StringComparer.Ordinal),
        ];

        private async Task<ReplayRun> RunOf(string file, string[] lines)
        {
            var path = Path.Combine(_folder, file);
            await File.WriteAllLinesAsync(path, lines);
            return new ReplayRun(Cluster, path);
        }
    }
}
