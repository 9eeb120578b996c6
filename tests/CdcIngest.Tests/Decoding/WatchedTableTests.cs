using RiskMonitor.CdcIngest.Decoding;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

/// <summary>Rows of other tables are not positions, however they look.</summary>
public sealed class WatchedTableTests
{
    [Fact]
    public void A_row_says_itself_which_table_it_is_of_whatever_its_topic()
    {
        Assert.Equal(new DecodedMessage.OtherTable("trading.positions_archive", false), InEnvelope("trading", "positions_archive", "srv.trading.positions"));
        Assert.IsType<DecodedMessage.Row>(InEnvelope("trading", "positions", "srv.trading.positions_archive"));
        Assert.Equal(new DecodedMessage.OtherTable("orders", false), Read.Message(Read.Flat(("__table", "\"orders\""))));
        Assert.Equal(new DecodedMessage.OtherTable("orders", false), Read.Message(Read.Flat(("__source_table", "\"orders\""), ("desk", null))));
        Assert.Equal(new DecodedMessage.OtherTable("orders", false), Read.Message("{\"order\":1,\"__table\":\"orders\"}"));
        Assert.IsType<DecodedMessage.Row>(Read.Message(Read.Flat(("__table", "\"positions\""), ("__db", "\"any\""))));
        Assert.IsType<DecodedMessage.Row>(Read.Message(Read.Flat(("table", "\"of the trader\""), ("db", "7"))));
    }

    [Theory]
    [InlineData("srv.trading.positions", false)]
    [InlineData("positions_cdc", false)]
    [InlineData("trading.events", false)]
    [InlineData("srv.trading.positions_archive", true)]
    [InlineData("a.b.trading.Positions", true)]
    public void A_row_that_does_not_say_so_is_judged_by_a_topic_named_as_connectors_name_them(string topic, bool isOther)
    {
        Assert.Equal(isOther, Read.Message(Read.Flat(), topic: topic) is DecodedMessage.OtherTable { IsKnownFromTopic: true });
        Assert.Equal(isOther, Read.Message(null, topic: topic) is DecodedMessage.OtherTable);
        Assert.Equal(isOther, Read.Message(Read.Envelope("c", "null", Read.Flat()), topic: topic) is DecodedMessage.OtherTable);
    }

    [Fact]
    public void Table_and_database_are_settings()
    {
        var options = new DebeziumOptions { Table = "pos", Database = "uk" };

        Assert.IsType<DecodedMessage.Row>(InEnvelope("uk", "pos", "t", options));
        Assert.Equal(new DecodedMessage.OtherTable("us.pos", false), InEnvelope("us", "pos", "t", options));
        Assert.Equal(new DecodedMessage.OtherTable("uk.positions", false), InEnvelope("uk", "positions", "t", options));
        Assert.IsType<DecodedMessage.OtherTable>(Read.Message(Read.Flat(), topic: "srv.us.pos", options: options));
        Assert.IsType<DecodedMessage.Row>(Read.Message(Read.Flat(), topic: "srv.uk.pos", options: options));
        Assert.IsType<DecodedMessage.Row>(InEnvelope("uk", "anything", "t", new DebeziumOptions { Table = "" }));
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new DebeziumDecoder(new DebeziumOptions { Table = "trading.positions" }));
        Assert.StartsWith("Feed:Debezium:Table is 'trading.positions'; give the table's name alone", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_no_text_is_unreadable()
    {
        Assert.Equal("source.table: expected the name of a table, found the number 7", Read.Unreadable(Read.Envelope("c", "null", Read.Flat(), "{\"table\":7}")).Reason);
    }

    [Theory]
    [InlineData("__debezium-heartbeat.a.b.c", """{"ts_ms":1795323343625}""", "{\"serverName\":\"x\"}")]
    public void A_heartbeat_is_one_whatever_its_topic(string topic, string value, string key)
    {
        Assert.IsType<DecodedMessage.Heartbeat>(Read.Message(value, key, topic));
    }

    private static DecodedMessage InEnvelope(string database, string table, string topic, DebeziumOptions? options = null) =>
        Read.Message(Read.Envelope("c", "null", Read.Flat(), $$"""{"db":"{{database}}","table":"{{table}}"}"""), topic: topic, options: options);
}
