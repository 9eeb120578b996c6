using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

public sealed class FormTests
{
    [Theory]
    [InlineData("first", SnapshotMark.First)]
    [InlineData("first_in_data_collection", SnapshotMark.First)]
    [InlineData("true", SnapshotMark.Within)]
    [InlineData("last", SnapshotMark.Last)]
    [InlineData("last_in_data_collection", SnapshotMark.Last)]
    [InlineData("incremental", SnapshotMark.Incremental)]
    [InlineData("false", SnapshotMark.Unmarked)]
    public void Each_snapshot_mark_has_its_meaning(string text, SnapshotMark expected)
    {
        var row = Read.Row(Read.Envelope("r", "null", Read.Flat(), $$"""{"snapshot":"{{text}}"}"""));

        Assert.Equal(expected, row.Snapshot);
    }

    [Theory]
    [InlineData("20575", "2026-05-02")]
    [InlineData("-1", "1969-12-31")]
    [InlineData("\"2026-05-02\"", "2026-05-02")]
    [InlineData("\"2026-05-02Z\"", "2026-05-02")]
    [InlineData("\"2024-02-29\"", "2024-02-29")]
    public void A_date_comes_as_days_or_as_text(string json, string expected)
    {
        Assert.Equal(DateOnly.Parse(expected), Read.Row(Read.Flat(("entry_date", json))).After!.EntryDate);
    }

    [Theory]
    [InlineData("\"2026-02-30\"")]
    [InlineData("\"2026-5-2\"")]
    [InlineData("\"0000-00-00\"")]
    [InlineData("\"\"")]
    [InlineData("99999999999")]
    [InlineData("1.5")]
    [InlineData("null")]
    [InlineData(null)]
    public void What_is_no_date_is_unreadable(string? json)
    {
        Assert.StartsWith("entry_date: expected a date", Read.Unreadable(Read.Flat(("entry_date", json))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"2026-11-22T04:51:26Z\"", "2026-11-22T04:51:26.0000000+00:00")]
    [InlineData("\"2026-11-22T04:51:26.123456Z\"", "2026-11-22T04:51:26.1234560+00:00")]
    [InlineData("\"2026-11-22T05:51:26+01:00\"", "2026-11-22T04:51:26.0000000+00:00")]
    [InlineData("\"2026-11-22 04:51:26\"", "2026-11-22T04:51:26.0000000+00:00")]
    [InlineData("1795323086123", "2026-11-22T04:51:26.1230000+00:00")]
    [InlineData("1795323086123456", "2026-11-22T04:51:26.1234560+00:00")]
    public void A_time_comes_as_text_or_as_a_number_since_1970(string json, string expected)
    {
        Assert.Equal(expected, Read.Row(Read.Flat(("updated_at", json))).After!.UpdatedAt!.Value.ToString("O"));
    }

    [Fact]
    public void Added_fields_are_found_with_a_prefix_of_ones_own()
    {
        var value = Read.Flat(("__deleted", "\"false\""), ("m.op", "\"c\""), ("m.source_file", "\"mysql-bin.000123\""), ("m.source_pos", "42"), ("m.source_row", "3"));

        var row = Read.Row(value, options: new DebeziumOptions { MetadataPrefix = "m." });

        Assert.Equal(new SourcePosition("mysql-bin", 123, 42, 3), row.Source);
        Assert.True(row.MarksDeletes);
    }

    [Fact]
    public void A_tables_own_column_is_not_taken_for_an_added_field_when_the_prefix_is_known()
    {
        var value = Read.Flat(("op", "\"d\""), ("__op", "\"u\""));

        Assert.NotNull(Read.Row(value).After);
        Assert.NotNull(Read.Row(Read.Flat(("op", "\"d\"")), options: new DebeziumOptions { MetadataPrefix = "__" }).After);
        Assert.NotNull(Read.Row(Read.Flat(("op", "\"hedge\""))).After);
        Assert.Null(Read.Row(Read.Flat(("op", "\"d\"")), options: new DebeziumOptions { MetadataPrefix = "" }).After);
    }

    [Fact]
    public void A_flattened_row_without_metadata_is_held_from_now_on()
    {
        var row = Read.Row(Read.Flat(("book", "{\"name\":[1,{\"desk\":\"not this one\"}]}")));

        Assert.Equal(
            new Position("P1", "t1", "Rates", "ESZ6", 10m, -5.25m, new DateOnly(2026, 1, 1), "USD", new DateTimeOffset(2026, 11, 22, 4, 51, 26, TimeSpan.Zero)),
            row.After);
        Assert.Equal((null, SnapshotMark.None, null, null, null, false), (row.BeforeDesk, row.Snapshot, row.Source, row.TransactionId, row.Time, row.MarksDeletes));
    }

    [Fact]
    public void A_flattened_delete_says_where_the_position_was()
    {
        var row = Read.Row(Read.Flat(("__deleted", "\"true\""), ("quantity", "\"garbage\"")));

        Assert.Equal(("P1", null, "Rates", true), (row.PositionId, row.After, row.BeforeDesk, row.MarksDeletes));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData(" null ")]
    [InlineData("""{"schema":{"type":"struct"},"payload":null}""")]
    [InlineData("""{"schema":null,"payload":null}""")]
    public void A_null_value_is_told_with_its_key_in_each_form(string? value)
    {
        Assert.Equal(new DecodedMessage.Tombstone("P1"), Read.Message(value));
    }

    [Theory]
    [InlineData("""{"position_id":"P-位置-é"}""")]
    [InlineData("""{"position_id":"P-\u4f4d置-é"}""")]
    [InlineData("""{"schema":{"type":"struct","fields":[]},"payload":{"position_id":"P-位置-é"}}""")]
    [InlineData("""{"schema":{"type":"string"},"payload":"P-位置-é"}""")]
    [InlineData("\"P-位置-é\"")]
    [InlineData("P-位置-é")]
    [InlineData("Struct{position_id=P-位置-é}")]
    public void A_key_is_read_in_each_form(string key)
    {
        Assert.Equal(new DecodedMessage.Tombstone("P-位置-é"), Read.Message(null, key));
    }

    [Fact]
    public void Names_with_quotes_and_escapes_come_out_as_they_are_in_the_table()
    {
        var row = Read.Row(Read.Flat(("trader_id", "\"o'brien \\\"jr\\\"\""), ("desk", "\"Rates\\/FX \\u00e9 \\ud83d\\ude00\"")));

        Assert.Equal(("o'brien \"jr\"", "Rates/FX é 😀"), (row.After!.TraderId, row.After.Desk));
    }

    [Fact]
    public void Desks_are_the_same_string_each_time()
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        var value = System.Text.Encoding.UTF8.GetBytes(Read.Flat());

        var first = (DecodedMessage.Row)decoder.Decode(new(default, default, value, true));
        var second = (DecodedMessage.Row)decoder.Decode(new(default, default, value, true));

        Assert.Same(first.After!.Desk, second.After!.Desk);
    }

    [Fact]
    public void Microseconds_make_the_commit_time_finer()
    {
        var source = """{"ts_ms":1795323151125,"ts_us":1795323151125413,"file":"binlog.000002","pos":5,"row":1,"gtid":null}""";

        var time = Read.Row(Read.Envelope("u", "null", Read.Flat(), source)).Time!.Value;

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795323151125).AddMicroseconds(413), time.CommittedAt);
        Assert.False(time.CommittedToSecond);
    }

    [Fact]
    public void The_transaction_block_names_the_transaction_where_there_is_no_gtid()
    {
        var value = $$"""{"before":null,"after":{{Read.Flat()}},"source":{"gtid":null},"transaction":{"id":"file=binlog.000001,pos=4","total_order":1},"op":"c"}""";

        Assert.Equal("file=binlog.000001,pos=4", Read.Row(value).TransactionId);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_with_key_value_and_remedy()
    {
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new DebeziumDecoder(new DebeziumOptions { DecimalScale = 29 }));

        Assert.Equal("Feed:Debezium:DecimalScale is 29; give the scale of the decimal columns, from 0 to 28.", refused.Message);
    }
}
