using System.Globalization;
using RiskMonitor.CdcIngest.Tests.Captured;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>What real connectors sent, from a topic: repeated in the middle, and taken over by another ingest in the middle.</summary>
public sealed class CapturedTopicTests
{
    public static TheoryData<string> Files
    {
        get
        {
            var files = new TheoryData<string>();
            foreach (var folder in new[] { CapturedFile.PathOf(""), WholeCaptures.Folder }.OfType<string>())
            {
                foreach (var form in new[] { "envelope-string", "envelope-precise", "flat-rewrite-string", "flat-tombstone-precise" })
                {
                    foreach (var file in Directory.EnumerateFiles(folder, form + "*"))
                    {
                        files.Add(file);
                    }
                }
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_capture_leads_to_the_table_although_it_is_repeated_and_rebalanced(string file)
    {
        var messages = await CapturedFile.MessagesAsync(file);
        var expected = File.ReadLines(Path.Combine(Path.GetDirectoryName(file)!, "expected-positions.tsv")).Skip(1).Select(line => line.Split('\t'))
            .GroupBy(cells => cells[2])
            .ToDictionary(desk => desk.Key, desk => (desk.Count(), desk.Sum(cells => cells[5] == "NULL" ? 0 : decimal.Parse(cells[5], CultureInfo.InvariantCulture))));
        await using var world = await KafkaWorld.StartAsync(messages.Max(message => message.Delivery.Partition) + 1);
        var topic = messages.Select(message => (message.Delivery.Partition, (byte[]?)message.Key.ToArray(), message.HasValue ? message.Value.ToArray() : null)).ToList();
        var half = topic.Count / 2;
        world.Broker.Produce(KafkaWorld.Topic, topic.Take(half));
        var first = await world.StartIngestAsync();
        await Eventually.IsTrueAsync("some of it is read", async () => (await world.Checkpoints.ReadAsync(KafkaWorld.Topic, CancellationToken.None)).Any(row => row.Checkpoint is not null));
        await world.StartIngestAsync();

        // A connector that starts again sends again what it had not noted as sent.
        world.Broker.Produce(KafkaWorld.Topic, topic.Skip(half / 2).Take(half - (half / 2)));
        world.Broker.Produce(KafkaWorld.Topic, topic.Skip(half));
        await world.StopIngestAsync(first);

        await world.IsHeldAsync(() => expected);
        await world.IsInStateAsync(FeedState.Live);
    }
}
