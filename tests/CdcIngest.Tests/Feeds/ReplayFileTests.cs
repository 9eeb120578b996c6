using System.IO.Compression;
using System.Text;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Tests.Captured;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

public sealed class ReplayFileTests : IDisposable
{
    private static readonly Dictionary<FeedPartition, long> FromTheBeginning = [];

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task Messages_come_in_the_files_order_with_key_value_and_place()
    {
        await WriteAsync(
            """{"topic":"t","partition":1,"offset":5,"tstype":"create","ts":1,"headers":["a","b"],"key":"{\"position_id\":\"P\u00e9\"}","payload":"{\"x\":\"\\\"\"}"}""",
            """{"offset":0,"partition":0,"payload":null,"key":"k","topic":"t"}""",
            "",
            """{"topic":"t","partition":0,"offset":1,"key":null,"payload":null}""");

        var messages = await ReadAsync(await OpenAsync(), FromTheBeginning);

        Assert.Equal([new("t", 1, 5), new("t", 0, 0), new Delivery("t", 0, 1)], messages.Select(message => message.Delivery));
        Assert.Equal(["{\"position_id\":\"Pé\"}", "k", ""], messages.Select(message => Encoding.UTF8.GetString(message.Key.Span)));
        Assert.Equal("{\"x\":\"\\\"\"}", Encoding.UTF8.GetString(messages[0].Value.Span));
        Assert.Equal([true, false, false], messages.Select(message => message.HasValue));
    }

    [Fact]
    public async Task A_payload_of_the_text_null_is_a_value()
    {
        await WriteAsync("""{"topic":"t","partition":0,"offset":0,"key":"P1","payload":"null"}""");

        var message = Assert.Single(await ReadAsync(await OpenAsync(), FromTheBeginning));

        Assert.True(message.HasValue);
        Assert.Equal(4, message.Value.Length);
    }

    [Fact]
    public async Task Lines_that_are_no_messages_come_as_such_with_their_number()
    {
        await WriteAsync(
            """{"topic":"t","partition":0,"offset":0,"key":"P1","payload":"null"}""",
            "% Reached end of topic",
            """{"topic":"t","offset":0}""",
            "",
            """[{"topic":"t","partition":0,"offset":1,"payload":"null"}]""",
            """{"topic":"t","partition":0,"offset":2,"payl""");

        var messages = await ReadAsync(await OpenAsync(), FromTheBeginning);

        var topic = $"replay:{Path.GetFileName(path)}";
        Assert.Equal([new("t", 0, 0), new(topic, -1, 2), new(topic, -1, 3), new(topic, -1, 5), new Delivery(topic, -1, 6)], messages.Select(message => message.Delivery));
        Assert.Equal("% Reached end of topic", Encoding.UTF8.GetString(messages[1].Value.Span));
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        Assert.All(messages.Skip(1), message => Assert.IsType<DecodedMessage.Unreadable>(decoder.Decode(message)));
    }

    [Fact]
    public async Task The_name_is_that_of_the_topic_with_changes_of_positions()
    {
        await WriteAsync(
            """{"topic":"__debezium-heartbeat.x","partition":0,"offset":0,"key":"{\"serverName\":\"x\"}","payload":"{\"ts_ms\":1}"}""",
            """{"topic":"positions_cdc","partition":2,"offset":0,"key":"{\"position_id\":\"P1\"}","payload":"{}"}""",
            """{"topic":"positions_cdc","partition":0,"offset":0,"key":"{\"position_id\":\"P1\"}","payload":"{}"}""");

        var feed = await OpenAsync();

        Assert.Equal("positions_cdc", feed.Name);
        Assert.Equal([new("positions_cdc", 0), new FeedPartition("positions_cdc", 2)], await feed.PartitionsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Every_end_is_told_with_the_last_batch()
    {
        await WriteAsync([.. Enumerable.Range(0, 2500).Select(i => $$"""{"topic":"t","partition":{{i % 2}},"offset":{{i / 2}},"key":"P1","payload":"null"}""")]);
        var feed = await OpenAsync();

        var batches = new List<FeedBatch>();
        await foreach (var batch in feed.ReadAsync(FromTheBeginning, CancellationToken.None))
        {
            batches.Add(batch);
        }

        Assert.Equal([1000, 1000, 500], batches.Select(batch => batch.Messages.Count));
        Assert.Empty(batches[1].EndsReached);
        Assert.Equal([new("t", 0), new FeedPartition("t", 1)], batches[2].EndsReached);
    }

    [Fact]
    public async Task A_gzip_file_reads_like_a_plain_one_whatever_its_name()
    {
        await using (var plain = File.Create(path))
        await using (var packed = new GZipStream(File.OpenRead(CapturedFile.PathOf("envelope-schema-precise.jsonl.gz")), CompressionMode.Decompress))
        {
            await packed.CopyToAsync(plain);
        }

        var messages = await ReadAsync(await OpenAsync(), FromTheBeginning);

        var expected = await CapturedFile.MessagesAsync("envelope-schema-precise.jsonl.gz");
        Assert.Equal(expected.Select(message => message.Delivery), messages.Select(message => message.Delivery));
        Assert.All(expected.Zip(messages), pair => Assert.True(pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span)));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused_with_its_path_and_a_remedy()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ReplayFile.OpenAsync("/no/such/file.jsonl", TimeProvider.System, CancellationToken.None));

        Assert.StartsWith("The replay file '/no/such/file.jsonl' cannot be read:", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Give the path of a file of messages as kcat -C -J prints them, plain or gzip.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_messages_is_refused()
    {
        await WriteAsync("these are", "no messages");

        await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync);
    }

    private Task WriteAsync(params string[] lines) => File.WriteAllLinesAsync(path, lines);

    private Task<ReplayFile> OpenAsync() => ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None);

    private static async Task<List<FeedMessage>> ReadAsync(ReplayFile feed, IReadOnlyDictionary<FeedPartition, long> from)
    {
        var messages = new List<FeedMessage>();
        await foreach (var batch in feed.ReadAsync(from, CancellationToken.None))
        {
            messages.AddRange(batch.Messages);
        }

        return messages;
    }
}
