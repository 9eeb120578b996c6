using System.Globalization;
using System.Text;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Sends a trading day to a cluster by Kafka, a part at a time, as a connector sends it: spread over partitions by position, a tombstone after each closed one.</summary>
internal sealed class KafkaDay(RunningCluster cluster, TradingDay day) : IDisposable
{
    private readonly IEnumerator<RowChange> _rows = day.Rows().GetEnumerator();
    private readonly NaiveBook _book = new();
    private int _sent;

    /// <summary>Sends the next changes. They are in the topic when the call ends.</summary>
    public void Send(int changes)
    {
        var messages = new List<(int Partition, byte[]? Key, byte[]? Value)>(changes);
        for (var i = 0; i < changes && _rows.MoveNext(); i++)
        {
            var (before, after) = _rows.Current;
            var id = (before ?? after)!.PositionId;
            _book.Apply(id, after);
            messages.AddRange(Messages(id, MessageForm.Envelope.Payload(before, after, ++_sent), isClosed: after is null));
        }

        cluster.Broker.Produce(RunningCluster.Topic, messages);
    }

    /// <summary>Sends one change beside the day's own.</summary>
    public void Send(Position? before, Position after) =>
        cluster.Broker.Produce(RunningCluster.Topic, Messages(after.PositionId, MessageForm.Envelope.Payload(before, after, ++_sent), isClosed: false));

    /// <summary>Waits until a list of all desks has the figure of every change sent.</summary>
    public Task IsAppliedAsync() => Eventually.IsTrueAsync("the desks have every change", async () =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        var answer = await cluster.Frontends[0].GetAsync("api/v1/desks?page_size=500");
        var found = answer["desks"]!.AsArray().ToDictionary(desk => (string)desk!["desk"]!, desk => decimal.Parse((string)desk!["delta"]!, CultureInfo.InvariantCulture));
        return _book.Desks.All(desk => found.TryGetValue(desk, out var net) && net == _book.NetOf(desk));
    });

    public void Dispose() => _rows.Dispose();

    private static IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> Messages(string id, string payload, bool isClosed)
    {
        var partition = (int)(MessageForm.StableHash(id) % RunningCluster.Partitions);
        var key = Encoding.UTF8.GetBytes($$"""{"position_id":"{{id}}"}""");
        yield return (partition, key, Encoding.UTF8.GetBytes(payload));
        if (isClosed)
        {
            yield return (partition, key, null);
        }
    }
}
