using System.Text;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

/// <summary>The key tells rows apart: with several fields, all of them.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("{\"position_id\":\"P1\"}", "P1")]
    [InlineData("{\"position_id\": \"P1\"}", "P1")]
    [InlineData("{ \"position_id\" : \"P\\u0031\" }", "P1")]
    [InlineData("{\"schema\":{\"type\":\"struct\"},\"payload\":{\"position_id\":\"P1\"}}", "P1")]
    [InlineData("Struct{position_id=P1}", "P1")]
    [InlineData("P1", "P1")]
    [InlineData("\"P1\"", "P1")]
    [InlineData("", "P1")]
    [InlineData("{\"desk\":\"Rates\"}", "P1")]
    [InlineData("Struct{desk=Rates,position_id=P1}", "P1,desk=Rates")]
    [InlineData("{\"desk\":\"Rates\",\"position_id\":\"P1\"}", "P1,desk=Rates")]
    [InlineData("{\"position_id\":\"P1\",\"shard\":2,\"live\":true,\"note\":null}", "P1,live=true,shard=2")]
    [InlineData("{\"shard\":2,\"position_id\":\"P1\",\"live\":true}", "P1,live=true,shard=2")]
    [InlineData("{\"schema\":{\"type\":\"struct\"},\"payload\":{\"position_id\":\"P1\",\"shard\":2}}", "P1,shard=2")]
    [InlineData("Struct{position_id=P1,shard=2,live=true}", "P1,live=true,shard=2")]
    [InlineData("Struct{live=true,shard=2,position_id=P1}", "P1,live=true,shard=2")]
    [InlineData("{\"position_id\":{\"string\":\"P1\"},\"shard\":{\"int\":2}}", "P1,shard=2")]
    [InlineData("Struct{position_id=P1,__dbz__physicalTableIdentifier=srv.trading.positions_shard_1}", "P1,__dbz__physicalTableIdentifier=srv.trading.positions_shard_1")]
    public void A_row_and_its_tombstone_have_one_identity(string key, string identity)
    {
        Assert.Equal(identity, Read.Row(Read.Flat(), key).PositionId);
        Assert.Equal(identity, Read.Row(Read.Flat(), key).After!.PositionId);
        if (key.Contains("position_id", StringComparison.Ordinal) || key is "P1" or "\"P1\"")
        {
            Assert.Equal(new DecodedMessage.Tombstone(identity), Read.Message(null, key));
        }
    }

    [Fact]
    public void A_number_is_an_id_like_a_text_so_that_rows_of_two_shards_stay_apart()
    {
        Assert.Equal("17", Read.Row(Read.Flat(("position_id", "\"17\"")), "{\"position_id\":17}").PositionId);
        Assert.Equal("17,shard=1", Read.Row(Read.Flat(("position_id", "\"17\"")), "{\"position_id\":17,\"shard\":1}").PositionId);
        Assert.Equal(new DecodedMessage.Tombstone("17,shard=2"), Read.Message(null, "{\"position_id\":17,\"shard\":2}"));
    }

    [Fact]
    public void A_comma_or_brace_in_an_id_does_not_end_it()
    {
        Assert.Equal("A,b", Read.Row(Read.Flat(("position_id", "\"A,b\"")), "Struct{position_id=A,b}").PositionId);
        Assert.Equal("A,b=c}", Read.Row(Read.Flat(("position_id", "\"A,b=c}\"")), "Struct{position_id=A,b=c}}").PositionId);
        Assert.Equal(new DecodedMessage.Tombstone("A,b=c}"), Read.Message(null, "Struct{position_id=A,b=c}}"));
    }

    [Theory]
    [InlineData("{\"position_id\":\"P2\"}", "position_id: expected the one that the key names, found the text \"P1\"")]
    [InlineData("Struct{position_id=P2,shard=1}", "position_id: expected the one that the key names, found the text \"P1\"")]
    [InlineData("{\"position_id\":\"P1\",\"position_id\":\"P2\"}", "the key: position_id is given twice")]
    [InlineData("Struct{position_id=P1,position_id=P1}", "the key: position_id is given twice")]
    [InlineData("Struct{position_id=P1", "the key: a Struct without its end")]
    [InlineData("{\"position_id\":\"P1\",\"where\":{\"shard\":1}}", "the key: the field where is no plain value")]
    [InlineData("{\"position_id\":\"P1\"", "the key: not JSON: ")]
    public void A_key_that_contradicts_its_row_or_cannot_be_read_is_unreadable(string key, string reason)
    {
        Assert.StartsWith(reason, Read.Unreadable(Read.Flat(), key).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"position_id\":true}")]
    [InlineData("{\"position_id\":null}")]
    [InlineData("{\"position_id\":\" \"}")]
    [InlineData("{\"desk\":\"Rates\"}")]
    [InlineData("17\u0001")]
    public void A_null_whose_key_names_no_position_is_unreadable(string key)
    {
        Assert.Equal("a null value, and no position_id in the key", Read.Unreadable(null, key).Reason);
    }

    [Fact]
    public void Where_keys_are_other_texts_than_ids_a_null_deletes_nothing_in_silence()
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        Assert.Equal("P1", Assert.IsType<DecodedMessage.Row>(decoder.Decode(Message("Rates", Read.Flat()))).PositionId);

        var unreadable = Assert.IsType<DecodedMessage.Unreadable>(decoder.Decode(Message("Rates", null)));

        Assert.Null(unreadable.PositionId);
        Assert.StartsWith("a null value, and the keys of this feed are other texts", unreadable.Reason, StringComparison.Ordinal);

        static FeedMessage Message(string key, string? value) =>
            new(default, Encoding.UTF8.GetBytes(key), value is null ? default : Encoding.UTF8.GetBytes(value), value is not null);
    }
}
