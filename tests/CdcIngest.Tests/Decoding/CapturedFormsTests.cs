using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Tests.Captured;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

public sealed class CapturedFormsTests
{
    public static TheoryData<string> Exact =>
    [
        "envelope-schema-precise.jsonl.gz", "envelope-string.jsonl.gz", "envelope-precise.jsonl.gz", "flat-rewrite-string.jsonl.gz",
        "flat-tombstone-precise.jsonl.gz", "flat-plain-string.jsonl.gz", "flat-noprefix-precise.jsonl.gz",
    ];

    public static TheoryData<string> All => [.. Exact, "envelope-double.jsonl.gz"];

    public static TheoryData<string> WithSnapshotMarks =>
    [
        "envelope-schema-precise.jsonl.gz", "envelope-string.jsonl.gz", "envelope-precise.jsonl.gz", "envelope-double.jsonl.gz",
        "flat-rewrite-string.jsonl.gz", "flat-tombstone-precise.jsonl.gz",
    ];

    [Theory]
    [MemberData(nameof(Exact))]
    public async Task Every_form_leads_to_what_the_database_itself_says(string file)
    {
        var held = Apply(await CapturedFile.DecodedAsync(file));

        Assert.Equal(CapturedFile.Expected(), held);
    }

    [Fact]
    public async Task JSON_numbers_are_read_as_written_even_where_the_connector_had_rounded()
    {
        var held = Apply(await CapturedFile.DecodedAsync("envelope-double.jsonl.gz"));

        var expected = CapturedFile.Expected().ToDictionary();
        expected["P-swap"] = expected["P-swap"] with { Quantity = 100_000_000_000_000m };
        Assert.Equal(expected, held);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_that_a_connector_sends_is_unreadable(string file)
    {
        Assert.DoesNotContain(await CapturedFile.DecodedAsync(file), message => message is DecodedMessage.Unreadable);
    }

    [Theory]
    [MemberData(nameof(WithSnapshotMarks))]
    public async Task A_snapshot_has_a_first_and_a_last_row_and_an_incremental_one_is_told_apart(string file)
    {
        var marks = (await CapturedFile.DecodedAsync(file)).OfType<DecodedMessage.Row>().CountBy(row => row.Snapshot).ToDictionary();

        Assert.Equal(1, marks[SnapshotMark.First]);
        Assert.Equal(4, marks[SnapshotMark.Within]);
        Assert.Equal(1, marks[SnapshotMark.Last]);
        Assert.Equal(8, marks[SnapshotMark.Incremental]);
        Assert.False(marks.ContainsKey(SnapshotMark.Unmarked));
    }

    [Fact]
    public async Task Rows_read_by_a_snapshot_without_marks_are_unmarked()
    {
        var rows = (await CapturedFile.DecodedAsync("flat-noprefix-precise.jsonl.gz")).OfType<DecodedMessage.Row>().ToList();

        Assert.Equal(14, rows.Count(row => row.Snapshot == SnapshotMark.Unmarked));
        Assert.All(rows, row => Assert.Null(row.Source));
        Assert.All(rows, row => Assert.True(row.MarksDeletes));
    }

    [Theory]
    [InlineData("envelope-string.jsonl.gz", true, 0)]
    [InlineData("envelope-precise.jsonl.gz", true, 5)]
    [InlineData("flat-rewrite-string.jsonl.gz", true, 5)]
    [InlineData("flat-noprefix-precise.jsonl.gz", true, 0)]
    [InlineData("flat-tombstone-precise.jsonl.gz", false, 5)]
    [InlineData("flat-plain-string.jsonl.gz", false, 5)]
    public async Task Nulls_are_told_and_so_is_whether_a_form_needs_them(string file, bool tellsDeletes, int nulls)
    {
        var messages = await CapturedFile.DecodedAsync(file);

        Assert.Equal(nulls, messages.OfType<DecodedMessage.Tombstone>().Count());
        Assert.All(messages.OfType<DecodedMessage.Row>(), row => Assert.Equal(tellsDeletes, row.MarksDeletes));
    }

    [Fact]
    public async Task A_desk_move_says_which_desk_the_position_left()
    {
        var move = (await CapturedFile.DecodedAsync("envelope-string.jsonl.gz"))
            .OfType<DecodedMessage.Row>()
            .Single(row => row is { PositionId: "P00026", Snapshot: SnapshotMark.None });

        Assert.Equal("利率交易", move.BeforeDesk);
        Assert.Equal("FX Forwards", move.After!.Desk);
        Assert.Equal(new SourcePosition("binlog", 1, 2441356, 0), move.Source);
        Assert.Equal("0-7-4279", move.TransactionId);
        Assert.Equal(
            new SourceTime(DateTimeOffset.FromUnixTimeMilliseconds(1795323103000), CommittedToSecond: true, DateTimeOffset.FromUnixTimeMilliseconds(1795323103515)),
            move.Time);
    }

    [Fact]
    public async Task A_renamed_position_is_a_delete_and_a_create_at_one_place_in_the_log()
    {
        var rows = (await CapturedFile.DecodedAsync("envelope-string.jsonl.gz")).OfType<DecodedMessage.Row>().ToList();

        var delete = rows.Single(row => row is { PositionId: "PBIG0", After: null });
        var create = rows.Single(row => row is { PositionId: "P-renamed", Snapshot: SnapshotMark.None });
        Assert.Equal("Equity Options", delete.BeforeDesk);
        Assert.Equal(delete.Source, create.Source);
        Assert.Equal(delete.TransactionId, create.TransactionId);
        Assert.Null(create.BeforeDesk);
    }

    [Fact]
    public async Task A_snapshot_row_belongs_to_no_transaction()
    {
        var read = (await CapturedFile.DecodedAsync("envelope-string.jsonl.gz")).OfType<DecodedMessage.Row>().Where(row => row.Snapshot != SnapshotMark.None).ToList();

        Assert.Equal(14, read.Count);
        Assert.All(read, row => Assert.Null(row.TransactionId));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795323103000).Date, read[0].Time!.Value.CommittedAt.Date);
    }

    [Theory]
    [InlineData("envelope-string.jsonl.gz")]
    [InlineData("envelope-precise.jsonl.gz")]
    [InlineData("flat-rewrite-string.jsonl.gz")]
    public async Task What_a_restarted_connector_sends_again_shows_by_its_place_in_the_log(string file)
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        var newest = new Dictionary<FeedPartition, SourcePosition>();
        var repeats = 0;
        foreach (var message in await CapturedFile.MessagesAsync(file))
        {
            if (decoder.Decode(message) is DecodedMessage.Row { Snapshot: SnapshotMark.None, Source: { } source })
            {
                var partition = message.Delivery.FeedPartition;
                if (newest.TryGetValue(partition, out var known) && source.IsBefore(known))
                {
                    repeats++;
                }
                else
                {
                    newest[partition] = source;
                }
            }
        }

        Assert.True(repeats > 0, $"{repeats} repeats");
    }

    [Fact]
    public async Task The_MySQL_connector_is_read_as_well()
    {
        var rows = (await CapturedFile.DecodedAsync("mysql-connector-2.7.jsonl")).Cast<DecodedMessage.Row>().ToList();

        Assert.Equal([SnapshotMark.First, SnapshotMark.Within, SnapshotMark.Last, SnapshotMark.None, SnapshotMark.None], rows.Select(row => row.Snapshot));
        Assert.Equal("T1", rows[0].PositionId);
        Assert.Equal(10m, rows[0].After!.Delta);
    }

    [Fact]
    public async Task A_truncate_says_when_and_where()
    {
        var truncate = (await CapturedFile.DecodedAsync("truncate.jsonl")).OfType<DecodedMessage.Truncate>().Single();

        Assert.Equal(new SourcePosition("binlog", 1, 4462604, 0), truncate.Source);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795323355000), truncate.Time!.Value.CommittedAt);
    }

    [Fact]
    public async Task A_heartbeat_says_when_the_connector_was_alive()
    {
        var heartbeats = (await CapturedFile.DecodedAsync("heartbeat.jsonl")).Cast<DecodedMessage.Heartbeat>().ToList();

        Assert.Equal([1795323343625, 1795323355202], heartbeats.Select(heartbeat => heartbeat.At!.Value.ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData("schema-change.jsonl", "schema_change")]
    [InlineData("transaction-metadata.jsonl", "transaction")]
    public async Task What_a_connector_says_about_itself_is_ignored_by_name(string file, string kind)
    {
        var messages = await CapturedFile.DecodedAsync(file);

        Assert.Equal(6, messages.Count);
        Assert.All(messages, message => Assert.Equal(new DecodedMessage.Ignored(kind), message));
    }

    /// <summary>A table that believes everything it is told: within one position the order of each of these files is right in the end.</summary>
    private static Dictionary<string, Position> Apply(IEnumerable<DecodedMessage> messages)
    {
        var held = new Dictionary<string, Position>();
        var tellsDeletes = false;
        foreach (var message in messages)
        {
            switch (message)
            {
                case DecodedMessage.Row { After: null } row:
                    held.Remove(row.PositionId);
                    break;
                case DecodedMessage.Row row:
                    tellsDeletes |= row.MarksDeletes;
                    held[row.PositionId] = row.After! with { UpdatedAt = null };
                    break;
                case DecodedMessage.Tombstone row when !tellsDeletes:
                    held.Remove(row.PositionId);
                    break;
            }
        }

        return held;
    }
}
