using System.Text.Json;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>The decoder, form by form, beside a reader that only walks the same bytes.</summary>
internal sealed class Decode : IScenario
{
    public string Name => "decode";

    public string Says => "messages decoded on one thread, against a bare pass of Utf8JsonReader over the same messages";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        foreach (var form in MessageForm.All)
        {
            var messages = form.Messages(Trading.Rows(effort.Of(form.Wrapped ? 20_000 : 50_000), desks: 50));
            var decoder = new DebeziumDecoder(new DebeziumOptions());
            yield return new Contest(
                $"{form.Name}, {messages.Average(message => message.Value.Length):0} bytes a message",
                [
                    new Contender("Utf8JsonReader", () => Task.FromResult(Walk(messages))),
                    new Contender("DebeziumDecoder", () => Task.FromResult(DecodeAll(decoder, messages))),
                ]);
        }
    }

    private static IReadOnlyList<Reading> Walk(IReadOnlyList<FeedMessage> messages)
    {
        var tokens = 0L;
        var stretch = Stretch.Begin();
        foreach (var message in messages)
        {
            var reader = new Utf8JsonReader(message.Value.Span);
            while (reader.Read())
            {
                tokens++;
            }
        }

        var readings = stretch.End("messages", messages.Count);
        return tokens > 0 ? readings : throw new InvalidOperationException("there was nothing to read");
    }

    private static IReadOnlyList<Reading> DecodeAll(DebeziumDecoder decoder, IReadOnlyList<FeedMessage> messages)
    {
        var rows = 0;
        var stretch = Stretch.Begin();
        foreach (var message in messages)
        {
            rows += decoder.Decode(message) is DecodedMessage.Row ? 1 : 0;
        }

        var readings = stretch.End("messages", messages.Count);
        return rows == messages.Count ? readings : throw new InvalidOperationException($"only {rows} of {messages.Count} messages were rows");
    }
}
