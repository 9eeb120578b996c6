using System.Globalization;
using System.Text;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Sends a trading day to a topic, a part at a time, as a connector sends it: spread over partitions by position, a tombstone after each closed one.</summary>
internal sealed class KafkaDay(MockKafka broker, TradingDay day) : IDisposable
{
    private const string MarkedDesk = "Marks";
    private const int ChangesAtATime = 5_000;

    /// <summary>The broker keeps 5 MB a partition, of messages of 0.9 kB: what is sent and not followed yet must be less.</summary>
    private const int PartsUnderWay = 4;

    private readonly IEnumerator<RowChange> _rows = day.Rows().GetEnumerator();
    private readonly NaiveBook _book = new();
    private int _sent;
    private int _marks;

    /// <summary>What every change sent so far amounts to.</summary>
    public NaiveBook Book => _book;

    /// <summary>Messages sent so far, tombstones counted.</summary>
    public long Messages { get; private set; }

    /// <summary>Sends the next changes. They are in the topic when the call ends.</summary>
    public void Send(int changes)
    {
        var messages = new List<(int Partition, byte[]? Key, byte[]? Value)>(changes);
        for (var i = 0; i < changes && _rows.MoveNext(); i++)
        {
            var (before, after) = _rows.Current;
            var id = (before ?? after)!.PositionId;
            _book.Apply(id, after);
            messages.AddRange(MessagesOf(id, Payload(before, after), isClosed: after is null));
        }

        Messages += messages.Count;
        broker.Produce(RunningCluster.Topic, messages);
    }

    /// <summary>Sends many changes, no faster than they are followed. They are in the topic when the task ends.</summary>
    /// <param name="followed">Waits until what was sent before a mark has been followed.</param>
    public async Task SendAsync(int changes, Func<Mark, Task> followed)
    {
        var marks = new Queue<Mark>();
        for (var sent = 0; sent < changes; sent += ChangesAtATime)
        {
            if (marks.Count == PartsUnderWay)
            {
                await followed(marks.Dequeue());
            }

            Send(Math.Min(ChangesAtATime, changes - sent));
            marks.Enqueue(Mark());
        }
    }

    /// <summary>Waits until a frontend's figures have what was sent before a mark.</summary>
    public static Task IsFollowedAsync(HostProcess frontend, Mark mark) => Eventually.IsTrueAsync("the desks have followed", async () =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(10));
        try
        {
            var answer = await frontend.GetAsync($"api/v1/desks/{MarkedDesk}/exposure");
            return decimal.Parse((string)answer["exposure"]!["delta"]!, CultureInfo.InvariantCulture) >= mark.Number * RunningCluster.Partitions;
        }
        catch (HttpRequestException)
        {
            // The desk is not known yet.
            return false;
        }
    });

    /// <summary>Sends one change beside the day's own.</summary>
    public void Send(Position? before, Position after) =>
        broker.Produce(RunningCluster.Topic, MessagesOf(after.PositionId, Payload(before, after), isClosed: false));

    /// <summary>Waits until a list of all desks has the figure of every change sent.</summary>
    public Task IsAppliedAsync(HostProcess frontend) => Eventually.IsTrueAsync("the desks have every change", async () =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        var answer = await frontend.GetAsync("api/v1/desks?page_size=500");
        var found = answer["desks"]!.AsArray().ToDictionary(desk => (string)desk!["desk"]!, desk => decimal.Parse((string)desk!["delta"]!, CultureInfo.InvariantCulture));
        return _book.Desks.All(desk => found.TryGetValue(desk, out var net) && net == _book.NetOf(desk));
    });

    public void Dispose() => _rows.Dispose();

    /// <summary>Puts a row into each partition that tells how far it has been followed.</summary>
    private Mark Mark()
    {
        var number = ++_marks;
        var messages = Enumerable.Range(0, RunningCluster.Partitions).SelectMany(partition =>
        {
            var before = number == 1 ? null : RowOf(partition, number - 1);
            var after = RowOf(partition, number);
            _book.Apply(after.PositionId, after);
            return MessagesOf(after.PositionId, Payload(before, after), isClosed: false).Select(message => message with { Partition = partition });
        }).ToList();
        Messages += messages.Count;
        broker.Produce(RunningCluster.Topic, messages);
        return new Mark(number, Messages);

        static Position RowOf(int partition, int number) => new(
            string.Create(CultureInfo.InvariantCulture, $"MARK-{partition}"), "trader_01", MarkedDesk, "AAPL-CALL-175-20270115", 1m, number, new DateOnly(2026, 5, 2), "USD", Trading.Opening);
    }

    /// <summary>A change that is committed now.</summary>
    private string Payload(Position? before, Position? after) => MessageForm.Envelope.Payload(before, after, ++_sent, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    private static IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> MessagesOf(string id, string payload, bool isClosed)
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

/// <summary>A place in what a day has sent.</summary>
/// <param name="Messages">How many messages were sent up to it.</param>
internal readonly record struct Mark(int Number, long Messages);
