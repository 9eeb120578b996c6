using System.Globalization;
using System.Text;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Takeovers;

/// <summary>A table, and the topic that a connector makes of it, drawn by chance: a snapshot, changes, restarts that send changes again, and further snapshots.</summary>
internal sealed class HandedOverTopic
{
    private readonly Random _random;
    private readonly string _prefix;
    private readonly Form _form;
    private readonly SortedDictionary<string, (string Desk, decimal Delta)> _table = new(StringComparer.Ordinal);

    /// <summary>What the connector has sent since its last snapshot, in the order of the log.</summary>
    private readonly List<(int Partition, string Id, string? Value)[]> _log = [];
    private readonly List<FeedMessage>[] _partitions;
    private long _at = 1_000;

    public HandedOverTopic(int seed, string name)
    {
        _random = new Random(seed);
        Name = name;
        _prefix = name;
        _form = (Form)(seed % 3);
        _partitions = [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => new List<FeedMessage>())];
        Draw();
    }

    /// <summary>How deletes are told.</summary>
    private enum Form
    {
        Envelope,

        /// <summary>A row with a mark, and a null after it.</summary>
        Marked,

        /// <summary>A null.</summary>
        NullAlone,
    }

    public string Name { get; }

    public int Snapshots { get; private set; }

    public int Partitions => _partitions.Length;

    public IReadOnlyList<FeedMessage> Of(int partition) => _partitions[partition];

    /// <summary>What each desk should hold.</summary>
    public IReadOnlyDictionary<string, (int Count, decimal Net)> Desks =>
        _table.Values.GroupBy(row => row.Desk).ToDictionary(rows => rows.Key, rows => (rows.Count(), rows.Sum(row => row.Delta)));

    private void Draw()
    {
        for (var i = 0; i < 8; i++)
        {
            _table[$"P{i}"] = Row();
        }

        Snapshot();
        for (var step = 0; step < 150; step++)
        {
            switch (_random.Next(60))
            {
                case 0:
                    foreach (var change in _log.TakeLast(_random.Next(1, 12)).ToList())
                    {
                        Send(change);
                    }

                    break;
                case 1 when Snapshots < 3:
                    // While the connector was away, rows were deleted that nobody was told of.
                    foreach (var id in _table.Keys.Where(_ => _random.Next(4) == 0).ToList())
                    {
                        _table.Remove(id);
                    }

                    if (_table.Count > 0)
                    {
                        Snapshot();
                    }

                    break;
                case < 6:
                    // One statement changes several rows: in flattened forms they share one position.
                    _at += 100;
                    foreach (var id in _table.Keys.Where(_ => _random.Next(2) == 0).ToList())
                    {
                        Change(id, _form == Form.Envelope ? _at++ : _at);
                    }

                    break;
                case < 8:
                    Rename();
                    break;
                case 8:
                    foreach (var (id, row) in _table)
                    {
                        Send([(PartitionOf(id), id, Value(id, row, _at, "r", "incremental"))]);
                    }

                    break;
                default:
                    Change($"P{_random.Next(12)}", _at += 100);
                    break;
            }
        }
    }

    private (string Desk, decimal Delta) Row() => ($"{_prefix}/D{_random.Next(4)}", _random.Next(1, 1_000));

    private void Snapshot()
    {
        Snapshots++;
        _log.Clear();
        _at += 100;
        var number = 0;
        foreach (var (id, row) in _table)
        {
            number++;
            Send([(PartitionOf(id), id, Value(id, row, _at, "r", number == _table.Count ? "last" : number == 1 ? "first" : "true"))]);
        }
    }

    private void Change(string id, long at)
    {
        if (_table.Remove(id, out var before) && _random.Next(4) == 0)
        {
            Log(Delete(id, before, at));
        }
        else
        {
            _table[id] = Row();
            Log([(PartitionOf(id), id, Value(id, _table[id], at, "u", "false"))]);
        }
    }

    /// <summary>An update of the primary key.</summary>
    private void Rename()
    {
        _at += 100;
        var id = _table.Keys.ElementAtOrDefault(_random.Next(12));
        var to = $"P{_random.Next(12)}";
        if (id is not null && !_table.ContainsKey(to) && _table.Remove(id, out var row))
        {
            _table[to] = row;
            Log(Delete(id, row, _at));
            Log([(PartitionOf(to), to, Value(to, row, _at, "c", "false"))]);
        }
    }

    private (int Partition, string Id, string? Value)[] Delete(string id, (string Desk, decimal Delta) before, long at)
    {
        var partition = PartitionOf(id);
        return _form == Form.NullAlone ? [(partition, id, null)] : [(partition, id, Value(id, before, at, "d", "false")), (partition, id, null)];
    }

    private void Log((int Partition, string Id, string? Value)[] change)
    {
        _log.Add(change);
        Send(change);
    }

    private void Send((int Partition, string Id, string? Value)[] change)
    {
        foreach (var (partition, id, value) in change)
        {
            var messages = _partitions[partition];
            messages.Add(new FeedMessage(
                new Delivery(Name, partition, messages.Count),
                Encoding.UTF8.GetBytes($$"""{"position_id":"{{id}}"}"""),
                value is null ? default(ReadOnlyMemory<byte>) : Encoding.UTF8.GetBytes(value),
                value is not null));
        }
    }

    private int PartitionOf(string id) => id[^1] % _partitions.Length;

    private string Value(string id, (string Desk, decimal Delta) row, long at, string op, string snapshot)
    {
        var columns = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"position_id":"{{id}}","trader_id":"t","desk":"{{row.Desk}}","security_id":"s","quantity":"1.0","delta":"{{row.Delta:0.0}}","entry_date":20454,"currency":"USD" """);
        var ms = 1_777_000_000_000L + at;
        return _form == Form.Envelope
            ? $$"""{"before":{{(op == "d" ? columns + "}" : "null")}},"after":{{(op == "d" ? "null" : columns + "}")}},"op":"{{op}}","source":{"file":"binlog.000001","pos":{{at}},"row":0,"snapshot":"{{snapshot}}","ts_ms":{{ms}},"table":"positions"} }"""
            : $$"""{{columns}}, {{(_form == Form.Marked ? $"\"__deleted\":\"{(op == "d" ? "true" : "false")}\"," : "")}}"__op":"{{op}}","__source_file":"binlog.000001","__source_pos":{{at}},"__source_snapshot":"{{snapshot}}","__source_ts_ms":{{ms}} }""";
    }
}
