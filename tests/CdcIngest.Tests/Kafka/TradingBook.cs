using System.Globalization;
using System.Text;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A positions table and what a connector makes of its changes: each in the partition of its key, all in the order of the log.</summary>
internal sealed class TradingBook(MockKafka kafka, string topic, int partitions)
{
    private readonly SortedDictionary<string, (string Desk, decimal Delta)> _rows = new(StringComparer.Ordinal);
    private long _log = 1_000;

    /// <summary>What each desk holds.</summary>
    public IReadOnlyDictionary<string, (int Count, decimal Net)> Desks
    {
        get
        {
            lock (_rows)
            {
                return _rows.Values.GroupBy(row => row.Desk).ToDictionary(rows => rows.Key, rows => (rows.Count(), rows.Sum(row => row.Delta)));
            }
        }
    }

    public int PartitionOf(string id) => id.Sum(character => character) % partitions;

    public void Put(string id, string desk, decimal delta) => kafka.Produce(topic, PutUnsent(id, desk, delta));

    public void Delete(string id) => kafka.Produce(topic, DeleteUnsent(id));

    /// <summary>Changes that are made and not sent yet.</summary>
    public IReadOnlyList<(int Partition, byte[]? Key, byte[]? Value)> PutUnsent(string id, string desk, decimal delta)
    {
        lock (_rows)
        {
            var before = _rows.TryGetValue(id, out var known) ? known : ((string Desk, decimal Delta)?)null;
            _rows[id] = (desk, delta);
            return [(PartitionOf(id), Key(id), Envelope(id, before, (desk, delta), before is null ? "c" : "u", _log += 100))];
        }
    }

    public IReadOnlyList<(int Partition, byte[]? Key, byte[]? Value)> DeleteUnsent(string id)
    {
        lock (_rows)
        {
            _rows.Remove(id, out var before);
            return [(PartitionOf(id), Key(id), Envelope(id, before, null, "d", _log += 100)), (PartitionOf(id), Key(id), null)];
        }
    }

    /// <summary>An update of the primary key: the row of one id becomes that of another, which mostly lies in another partition.</summary>
    public void Rename(string from, string to)
    {
        lock (_rows)
        {
            _rows.Remove(from, out var row);
            _rows[to] = row;
            var at = _log += 100;
            kafka.Produce(topic,
            [
                (PartitionOf(from), Key(from), Envelope(from, row, null, "d", at)),
                (PartitionOf(from), Key(from), null),
                (PartitionOf(to), Key(to), Envelope(to, null, row, "c", at)),
            ]);
        }
    }

    /// <summary>The rows of a snapshot of the table as it is now, not sent yet.</summary>
    public IReadOnlyList<(int Partition, byte[]? Key, byte[]? Value)> SnapshotUnsent()
    {
        lock (_rows)
        {
            var at = _log += 100;
            return
            [
                .. _rows.Select((row, number) => (PartitionOf(row.Key), (byte[]?)Key(row.Key), (byte[]?)Envelope(
                    row.Key, null, row.Value, "r", at, number == 0 ? "first" : number == _rows.Count - 1 ? "last" : "true"))),
            ];
        }
    }

    public void Snapshot() => kafka.Produce(topic, SnapshotUnsent());

    /// <summary>The table changes, and the connector misses it.</summary>
    public void ForgetUnseen(string id)
    {
        lock (_rows)
        {
            _rows.Remove(id);
        }
    }

    private static byte[] Key(string id) => Encoding.UTF8.GetBytes($$"""{"position_id":"{{id}}"}""");

    private static byte[] Envelope(string id, (string Desk, decimal Delta)? before, (string Desk, decimal Delta)? after, string op, long at, string snapshot = "false") =>
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"before":{{Row(id, before)}},"after":{{Row(id, after)}},"op":"{{op}}","source":{"snapshot":"{{snapshot}}","file":"binlog.000001","pos":{{at}},"row":0,"ts_ms":{{1_777_000_000_000L + (at * 10)}},"table":"positions"} }"""));

    private static string Row(string id, (string Desk, decimal Delta)? row) => row is not { } known ? "null" : string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"position_id":"{{id}}","trader_id":"t","desk":"{{known.Desk}}","security_id":"s","quantity":"1.0","delta":"{{known.Delta:0.0000}}","entry_date":20454,"currency":"USD"}""");
}
