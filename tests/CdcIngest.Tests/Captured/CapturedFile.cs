using System.Globalization;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Captured;

/// <summary>What real connectors sent, beside this file.</summary>
internal static class CapturedFile
{
    public static async Task<IReadOnlyList<FeedMessage>> MessagesAsync(string name)
    {
        var feed = await ReplayFile.OpenAsync(PathOf(name), TimeProvider.System, CancellationToken.None);
        var messages = new List<FeedMessage>();
        await foreach (var batch in feed.ReadAsync(new Dictionary<FeedPartition, long>(), CancellationToken.None))
        {
            messages.AddRange(batch.Messages);
        }

        return messages;
    }

    public static async Task<IReadOnlyList<DecodedMessage>> DecodedAsync(string name)
    {
        var decoder = new DebeziumDecoder(new DebeziumOptions());
        return [.. (await MessagesAsync(name)).Select(message => decoder.Decode(message))];
    }

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Captured", name);

    /// <summary>What the database itself said at the end; <see cref="Position.UpdatedAt"/> is left out.</summary>
    public static IReadOnlyDictionary<string, Position> Expected() => File.ReadLines(PathOf("expected-positions.tsv"))
        .Skip(1)
        .Select(line => line.Split('\t'))
        .ToDictionary(
            cells => cells[0],
            cells => new Position(
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                decimal.Parse(cells[4], CultureInfo.InvariantCulture),
                cells[5] == "NULL" ? null : decimal.Parse(cells[5], CultureInfo.InvariantCulture),
                DateOnly.ParseExact(cells[6], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                cells[7],
                UpdatedAt: null));
}
