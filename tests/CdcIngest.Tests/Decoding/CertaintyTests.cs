using RiskMonitor.CdcIngest.Decoding;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

/// <summary>What cannot be read with certainty is unreadable, not guessed.</summary>
public sealed class CertaintyTests
{
    [Theory]
    [InlineData("\"usd\"")]
    [InlineData("\"US\"")]
    [InlineData("\"USD \"")]
    [InlineData("\"US1\"")]
    [InlineData("\"ÜSD\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("840")]
    public void A_currency_is_three_capital_letters(string json)
    {
        Assert.StartsWith("currency: expected three capital letters (ISO 4217), found", Read.Unreadable(Read.Flat(("currency", json))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"position_id\":\"P1\",\"position_id\":\"P1\"}", "position_id is given twice")]
    [InlineData("{\"position_id\":\"P1\",\"desk\":\"A\",\"d\\u0065sk\":\"B\"}", "desk is given twice")]
    [InlineData("{\"before\":null,\"after\":{},\"op\":\"c\",\"op\":\"d\"}", "op is given twice")]
    [InlineData("{\"before\":null,\"after\":null,\"after\":{},\"op\":\"c\"}", "after is given twice")]
    [InlineData("{\"before\":{},\"before\":null,\"after\":{},\"op\":\"c\"}", "before is given twice")]
    [InlineData("{\"after\":{},\"source\":{\"pos\":1,\"pos\":2},\"op\":\"c\"}", "source.pos is given twice")]
    [InlineData("{\"schema\":null,\"payload\":{},\"payload\":null}", "payload is given twice")]
    [InlineData("{\"schema\":{\"type\":\"struct\"}}", "a wrapper without payload")]
    [InlineData("{\"payload\":null}", "a wrapper without schema")]
    [InlineData("{\"before\":\"row\",\"after\":{},\"op\":\"u\"}", "before: expected a row or null, found the text \"row\"")]
    [InlineData("{\"before\":null,\"after\":[],\"op\":\"u\"}", "after: expected the row that op=u needs, found an array")]
    public void What_is_said_twice_or_half_is_unreadable(string value, string reason)
    {
        Assert.Equal(new DecodedMessage.Unreadable(reason, "P1"), Read.Message(value));
    }

    [Fact]
    public void A_delete_that_has_a_row_after_it_is_a_contradiction()
    {
        Assert.Equal("after: expected null for op=d, found a row", Read.Unreadable(Read.Envelope("d", Read.Flat(), Read.Flat())).Reason);
    }

    [Fact]
    public void An_update_that_changes_the_id_leaves_a_row_behind_and_is_unreadable()
    {
        var unreadable = Read.Unreadable(Read.Envelope("u", Read.Flat(("position_id", "\"P0\"")), Read.Flat()));

        Assert.Equal("before.position_id: expected the id of the row after, found the text \"P0\"", unreadable.Reason);
    }

    [Theory]
    [InlineData("__op", "\"x\"", "op: expected one of c, u, d, r, t, found the text \"x\"")]
    [InlineData("__op", "\"m\"", "op: expected one of c, u, d, r, t, found the text \"m\"")]
    [InlineData("__op", "7", "op: expected one of c, u, d, r, t, found the number 7")]
    public void An_added_op_that_nobody_knows_is_unreadable(string field, string json, string reason)
    {
        Assert.Equal(reason, Read.Unreadable(Read.Flat((field, json))).Reason);
    }

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"-Infinity\"")]
    [InlineData("\"1e400\"")]
    [InlineData("1e400")]
    [InlineData("\"12345678901234567890123456789.5\"")]
    [InlineData("1000000000000000000")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public void What_is_no_decimal_of_the_table_is_unreadable(string json)
    {
        Assert.StartsWith("delta: expected a decimal", Read.Unreadable(Read.Flat(("delta", json))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1e10\"", "10000000000")]
    [InlineData("\"-0.0000\"", "0")]
    [InlineData("-0", "0")]
    [InlineData("1.5E+3", "1500")]
    public void A_decimal_can_be_written_in_many_ways(string json, string expected)
    {
        Assert.Equal(decimal.Parse(expected), Read.Row(Read.Flat(("quantity", json), ("delta", null))).After!.Quantity);
    }

    [Fact]
    public void A_CloudEvents_envelope_is_named_with_what_to_change()
    {
        const string Event = """{"id":"name:srv;file:x;pos:1","source":"/debezium/mysql/srv","specversion":"1.0","type":"io.debezium.mysql.datachangeevent","iodebeziumop":"c","data":{"before":null,"after":{"position_id":"P1"}}}""";

        Assert.StartsWith("a CloudEvents envelope, which is not read; set the connector's value.converter", Read.Unreadable(Event).Reason, StringComparison.Ordinal);
    }
}
