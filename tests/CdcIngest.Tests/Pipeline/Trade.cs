using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>
/// A table, the topic that a connector makes of its log, and what a consumer reads of it, drawn by chance: partitions are added, the connector
/// restarts and sends its last changes again, the topic is made anew, the consumer reads some messages twice.
/// </summary>
internal sealed class Trade(Random random)
{
    private readonly Dictionary<string, (string Desk, decimal Delta)> _table = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];
    private readonly List<(int Partition, string Line)> _topic = [];
    private readonly Dictionary<int, long> _next = [];
    private readonly List<string> _read = [];
    private int _partitions = 1 + random.Next(2);

    public bool WasMadeAnew { get; private set; }

    public IReadOnlyList<(string Id, string Desk, decimal Delta)> Table =>
        [.. _table.Select(row => (row.Key, row.Value.Desk, row.Value.Delta)).OrderBy(row => row.Key, StringComparer.Ordinal)];

    /// <summary>The lines in the order in which a consumer read them.</summary>
    public IReadOnlyList<string> Draw(bool mayBeMadeAnew)
    {
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(40))
            {
                case 0 when _partitions < 4:
                    // What is read before keys move is read before what comes after, or not: the consumer decides.
                    _partitions++;
                    break;
                case 1:
                    foreach (var change in _log.TakeLast(random.Next(6)).ToList())
                    {
                        Send(change);
                    }

                    break;
                case 2 when mayBeMadeAnew && _topic.Count > 3:
                    ReadAll();
                    _next.Clear();
                    WasMadeAnew = true;
                    break;
                default:
                    Change();
                    break;
            }
        }

        ReadAll();
        return _read;
    }

    private void Change()
    {
        var id = $"P{random.Next(8)}";
        var isDelete = _table.ContainsKey(id) && random.Next(4) == 0;
        var row = (Desk: $"D{random.Next(3)}", Delta: (decimal)random.Next(1, 1_000));
        if (isDelete)
        {
            _table.Remove(id);
        }
        else
        {
            _table[id] = row;
        }

        var after = isDelete
            ? "null"
            : string.Create(CultureInfo.InvariantCulture, $$"""{"position_id":"{{id}}","trader_id":"t","desk":"{{row.Desk}}","security_id":"s","quantity":"1.0","delta":"{{row.Delta:0.0}}","entry_date":20454,"currency":"USD"}""");
        var at = 1_000 + (_log.Count * 10);
        var source = $$"""{"file":"binlog.000001","pos":{{at}},"row":0,"ts_ms":{{1_777_000_000_000L + (at * 1_000)}},"table":"positions"}""";
        _log.Add($$"""{{id}}|{"before":null,"after":{{after}},"op":"{{(isDelete ? "d" : "u")}}","source":{{source}} }""");
        Send(_log[^1]);
    }

    private void Send(string change)
    {
        var id = change[..change.IndexOf('|', StringComparison.Ordinal)];
        var partition = id[^1] % _partitions;
        var offset = _next.GetValueOrDefault(partition);
        _next[partition] = offset + 1;
        _topic.Add((partition, JsonSerializer.Serialize(new { topic = "t", partition, offset, key = $"{{\"position_id\":\"{id}\"}}", payload = change[(id.Length + 1)..] })));
    }

    /// <summary>Reads what is there, each partition in its order, the partitions in any.</summary>
    private void ReadAll()
    {
        var waiting = _topic.GroupBy(message => message.Partition).Select(messages => new Queue<string>(messages.Select(message => message.Line))).ToList();
        _topic.Clear();
        while (waiting.Count > 0)
        {
            var partition = waiting[random.Next(waiting.Count)];
            var read = new List<string>();
            for (var i = random.Next(1, 12); i > 0 && partition.TryDequeue(out var line); i--)
            {
                read.Add(line);
            }

            _read.AddRange(read);
            if (random.Next(6) == 0)
            {
                _read.AddRange(read);
            }

            if (partition.Count == 0)
            {
                waiting.Remove(partition);
            }
        }
    }
}
