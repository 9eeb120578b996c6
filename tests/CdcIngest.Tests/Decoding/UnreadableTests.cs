using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Tests.Captured;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

public sealed class UnreadableTests
{
    [Theory]
    [InlineData("desk", null, "desk: expected a text, found nothing")]
    [InlineData("desk", "null", "desk: expected a text, found null")]
    [InlineData("desk", "17", "desk: expected a text, found the number 17")]
    [InlineData("desk", "\"  \"", "desk: expected a text that is not blank, found the text \"  \"")]
    [InlineData("trader_id", "[]", "trader_id: expected a text, found an array")]
    [InlineData("security_id", "{}", "security_id: expected a text, found an object")]
    [InlineData("currency", "\"EURO\"", "currency: expected three capital letters (ISO 4217), found the text \"EURO\"")]
    [InlineData("quantity", null, "quantity: expected a decimal below 10^18 of at most 28 digits, found nothing")]
    [InlineData("updated_at", "\"noon\"", "updated_at: expected a time (ISO 8601, or a number since 1970), found the text \"noon\"")]
    [InlineData("position_id", "1", "position_id: expected a text, found the number 1")]
    [InlineData("__op", "\"x\"", "op: expected one of c, u, d, r, t, found the text \"x\"")]
    [InlineData("__deleted", "\"maybe\"", "__deleted: expected true or false, found the text \"maybe\"")]
    [InlineData("__source_snapshot", "\"some\"", "source.snapshot: expected a known snapshot mark, found the text \"some\"")]
    public void The_reason_names_the_field_and_what_was_found(string field, string? json, string reason)
    {
        var unreadable = Read.Unreadable(Read.Flat((field, json)), options: field == "__op" ? new DebeziumOptions { MetadataPrefix = "__" } : null);

        Assert.Equal(new DecodedMessage.Unreadable(reason, "P1"), unreadable);
    }

    [Fact]
    public void In_an_envelope_the_reason_says_which_side()
    {
        Assert.Equal(
            "after.quantity: expected a decimal below 10^18 of at most 28 digits, found the text \"a lot\"",
            Read.Unreadable(Read.Envelope("c", "null", Read.Flat(("quantity", "\"a lot\"")))).Reason);
    }

    [Theory]
    [InlineData("""{"after":{"position_id":"P1"},"source":{}}""", "op: expected one of c, u, d, r, t, found nothing")]
    [InlineData("""{"before":null,"after":{"position_id":"P1"},"op":"m"}""", "op: expected one of c, u, d, r, t, found the text \"m\"")]
    [InlineData("""{"before":null,"after":null,"source":{},"op":"u"}""", "after: expected the row that op=u needs, found nothing")]
    [InlineData("[]", "expected an object, found an array")]
    [InlineData("17", "expected an object, found the number 17")]
    [InlineData("", "the value is empty")]
    [InlineData("{}", "neither a row of positions nor a message of the connector's own: no op, before, after or known column")]
    public void What_is_no_change_of_a_position_is_unreadable(string value, string reason)
    {
        Assert.Equal(new DecodedMessage.Unreadable(reason, "P1"), Read.Message(value));
    }

    [Fact]
    public void A_row_that_nobody_can_name_is_unreadable()
    {
        var unreadable = Read.Unreadable(Read.Flat(("position_id", null)), key: "");

        Assert.Equal(new DecodedMessage.Unreadable("position_id: expected a text, found nothing, and none in the key", null), unreadable);
        Assert.Equal("P1", Read.Row(Read.Flat(("position_id", null))).PositionId);
        Assert.Null(Read.Unreadable(null, key: "{}").PositionId);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_unreadable()
    {
        byte[] value = [.. Encoding.UTF8.GetBytes("""{"desk":" """), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}")];

        Assert.Equal(new DecodedMessage.Unreadable("the value is not UTF-8", "P1"), Read.Bytes(value, Encoding.UTF8.GetBytes(Read.Key)));
    }

    [Fact]
    public void Half_a_character_in_an_escape_is_unreadable()
    {
        Assert.StartsWith("not text:", Read.Unreadable(Read.Flat(("desk", "\"\\ud83d\""))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_cut_off_anywhere_is_unreadable_with_its_key()
    {
        var whole = Read.Envelope("u", Read.Flat(), Read.Flat(), """{"file":"binlog.000001","pos":4,"row":0,"snapshot":"false"}""");
        Assert.IsType<DecodedMessage.Row>(Read.Message(whole));

        for (var length = 1; length < whole.Length; length++)
        {
            var unreadable = Read.Unreadable(whole[..length]);
            Assert.StartsWith("not JSON:", unreadable.Reason, StringComparison.Ordinal);
            Assert.Equal("P1", unreadable.PositionId);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("}")]
    [InlineData(",{}")]
    public void Something_after_the_end_makes_a_message_unreadable(string rest)
    {
        Assert.StartsWith("not JSON:", Read.Unreadable(Read.Flat() + rest).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_unreadable()
    {
        Assert.StartsWith("not JSON:", Read.Unreadable("{\"book\":" + new string('[', 100_000)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_at_all_make_the_decoder_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (value, key) =>
            Read.Bytes(value, key) is DecodedMessage.Unreadable or DecodedMessage.Tombstone).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("envelope-schema-precise.jsonl.gz")]
    [InlineData("envelope-string.jsonl.gz")]
    [InlineData("flat-rewrite-string.jsonl.gz")]
    [InlineData("flat-noprefix-precise.jsonl.gz")]
    public async Task Damage_anywhere_in_a_real_message_is_either_harmless_or_told(string file)
    {
        const string Damage = "\0\"{}[]:,\\0-e\u007f";
        var random = new Random(20261122);
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        var told = 0;
        foreach (var message in (await CapturedFile.MessagesAsync(file)).Where(message => message.HasValue))
        {
            for (var attempt = 0; attempt < 200; attempt++)
            {
                var value = message.Value.ToArray();
                value[random.Next(value.Length)] = attempt % 2 == 0 ? (byte)random.Next(256) : (byte)Damage[random.Next(Damage.Length)];
                if (decoder.Decode(message with { Value = value }) is DecodedMessage.Unreadable unreadable)
                {
                    told++;
                    Assert.NotEmpty(unreadable.Reason);
                }
            }
        }

        Assert.NotEqual(0, told);
    }
}
