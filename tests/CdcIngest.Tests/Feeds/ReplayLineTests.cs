using System.Text;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Tests.Decoding;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>A line that is not certainly one of kcat's is refused by name, and never passes for a tombstone.</summary>
public sealed class ReplayLineTests : IDisposable
{
    private const string Place = "\"topic\":\"t\",\"partition\":0,\"offset\":3,\"key\":\"{\\\"position_id\\\":\\\"P1\\\"}\"";

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("\"value\":\"{}\",\"timestamp\":1", "\"value\", which kcat does not print; another tool's lines")]
    [InlineData("\"value\":null", "\"value\", which kcat does not print; another tool's lines")]
    [InlineData("\"payload\":null,\"value\":\"{}\"", "\"value\", which kcat does not print; another tool's lines")]
    [InlineData("\"payload\":null,\"payload_error\":\"Failed to fetch schema id 7\"", "\"payload_error\" says that it could not be decoded")]
    [InlineData("\"payload_error\":\"Failed\",\"payload\":null", "\"payload_error\" says that it could not be decoded")]
    [InlineData("\"payload\":\"{}\",\"key_error\":\"Failed\"", "\"key_error\" says that it could not be decoded")]
    [InlineData("\"payload\":null,\"payload_schema_id\":7", "\"payload\" is null beside \"payload_schema_id\", which a tombstone does not have")]
    [InlineData("\"payload\":null,\"encoding\":\"base64\"", "\"payload\" is null beside \"encoding\", which a tombstone does not have")]
    [InlineData("\"tombstone\":true", "no \"payload\", but \"tombstone\"")]
    [InlineData("\"ts\":1", "no \"payload\"")]
    [InlineData("\"payload\":17", "\"payload\" is a number, neither a text nor an object")]
    [InlineData("\"payload\":[]", "\"payload\" is an array, neither a text nor an object")]
    [InlineData("\"payload\":\"{}\",\"payload\":null", "\"payload\" is given twice")]
    [InlineData("\"payload\":null,\"key\":null", "\"key\" is given twice")]
    public async Task A_line_of_another_shape_is_refused_with_its_number_and_key(string rest, string problem)
    {
        var message = await ReadAsync($"{{{Place},{rest}}}");

        Assert.Equal(new Delivery("t", 0, 3), message.Delivery);
        var unreadable = Assert.IsType<DecodedMessage.Unreadable>(new DebeziumDecoder(new DebeziumOptions()).Decode(message));
        Assert.Equal("P1", unreadable.PositionId);
        Assert.StartsWith($"line 2: {problem};", unreadable.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"partition":0,"offset":3,"payload":null}""", "no topic that can be one")]
    [InlineData("""{"topic":"t","partition":-1,"offset":3,"payload":null}""", "no partition that can be one")]
    [InlineData("""{"topic":"t","partition":"0","offset":3,"payload":null}""", "no partition that can be one")]
    [InlineData("""{"topic":"t","partition":0,"offset":1.5,"payload":null}""", "no offset that can be one")]
    [InlineData("""{"topic":"t","partition":0,"offset":9223372036854775807,"payload":null}""", "no offset that can be one")]
    [InlineData("""{"topic":"t","partition":0,"offset":3,"payload":null""", "not JSON:")]
    [InlineData("""{"topic":"t","partition":0,"offset":3,"payload":"\ud83d"}""", "not text")]
    [InlineData("""{"topic":"t","partition":0,"offset":3,"payload":null} x""", "not JSON:")]
    [InlineData("17", "expected an object, found a number")]
    [InlineData("\"text\"", "expected an object, found a text")]
    public async Task A_line_that_does_not_say_where_it_was_delivered_is_known_by_its_number(string line, string problem)
    {
        var message = await ReadAsync(line);

        Assert.Equal(new Delivery($"replay:{Path.GetFileName(path)}", -1, 2), message.Delivery);
        Assert.StartsWith($"line 2: {problem}", message.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"headers\":[\"a\",\"b\"],\"payload\":null")]
    [InlineData("\"tstype\":\"create\",\"ts\":1,\"broker\":1,\"key_schema_id\":3,\"payload\":null")]
    public async Task A_tombstone_as_kcat_prints_it_is_one(string rest)
    {
        var message = await ReadAsync($"{{{Place},{rest}}}");

        Assert.Equal(new DecodedMessage.Tombstone("P1"), new DebeziumDecoder(new DebeziumOptions()).Decode(message));
    }

    [Fact]
    public async Task What_kcat_has_decoded_itself_is_read()
    {
        var plain = Read.Envelope("c", "null", Read.Flat());
        var branches = Read.Envelope(
            "c",
            "null",
            "{\"Value\":" + Read.Flat(("desk", "{\"string\":\"Rates\"}"), ("delta", "{\"string\":\"-5.2500\"}"), ("entry_date", "{\"int\":20454}")) + "}",
            "{\"file\":{\"string\":\"binlog.000002\"},\"pos\":7,\"gtid\":null,\"ts_ms\":{\"long\":1795323087000}}");
        var expected = Read.Row(plain).After;

        Assert.Equal(expected, Row(await ReadAsync(Line(plain))).After);
        var row = Row(await ReadAsync(Line(branches)));
        Assert.Equal(expected, row.After);
        Assert.Equal(new SourcePosition("binlog", 2, 7, 0), row.Source);

        static string Line(string payload) => $$"""{"topic":"t","partition":0,"offset":3,"key":{"position_id":"P1"},"payload":{{payload}},"payload_schema_id":7}""";

        static DecodedMessage.Row Row(FeedMessage message) => Assert.IsType<DecodedMessage.Row>(new DebeziumDecoder(new DebeziumOptions()).Decode(message));
    }

    [Fact]
    public void A_decimal_that_kcat_prints_as_Avro_bytes_is_not_guessed()
    {
        var value = Read.Flat(("quantity", "{\"bytes\":\"\\u0001\\u0086\\u00a0\"}"));

        Assert.StartsWith("quantity: expected a decimal", Read.Unreadable(value).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_at_the_beginning_is_ignored()
    {
        await File.WriteAllTextAsync(path, $"{{{Place},\"payload\":null}}\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var message = Assert.Single(await ReadFileAsync());

        Assert.Null(message.Problem);
        Assert.Equal(new Delivery("t", 0, 3), message.Delivery);
    }

    [Fact]
    public async Task A_file_that_holds_no_messages_is_refused_with_what_was_found()
    {
        await File.WriteAllTextAsync(path, $"{{\"topic\":\"t\",\"payload\":\"x\"}}\n");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None));

        Assert.Contains("line 1: no partition that can be one", refused.Message, StringComparison.Ordinal);
    }

    private async Task<FeedMessage> ReadAsync(string line)
    {
        await File.WriteAllLinesAsync(path, ["""{"topic":"t","partition":0,"offset":2,"key":"P0","payload":"null"}""", line]);
        return (await ReadFileAsync())[1];
    }

    private async Task<IReadOnlyList<FeedMessage>> ReadFileAsync()
    {
        var feed = await ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        var messages = new List<FeedMessage>();
        await foreach (var batch in feed.ReadAsync(new Dictionary<FeedPartition, long>(), CancellationToken.None))
        {
            messages.AddRange(batch.Messages);
        }

        return messages;
    }
}
