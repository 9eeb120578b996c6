using System.Globalization;
using System.Text;

namespace RiskMonitor.Testing.Clusters;

/// <summary>
/// A trading desk's system with books of its own, and what a connector makes of its changes. Some desks have all their positions in one partition, so that
/// the order of their changes, and with it the list of their breaches, is known. The others are spread over all partitions and stay far below the limit.
/// </summary>
internal sealed class Trader(MockKafka broker, string topic, int partitions, decimal limit)
{
    private const int PositionsKept = 6;
    private static readonly DateTimeOffset s_epoch = DateTimeOffset.UnixEpoch;

    private readonly Lock _gate = new();
    private readonly Random _random = new(20261130);
    private readonly SortedDictionary<string, (string Desk, decimal Delta)> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _nets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _episodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Desk, int Episode), DateTimeOffset> _breachedAt = [];
    private long _log = 1_000;
    private int _created;
    private int _changes;

    /// <summary>What each desk should say.</summary>
    public IReadOnlyDictionary<string, decimal> Nets()
    {
        lock (_gate)
        {
            return new Dictionary<string, decimal>(_nets);
        }
    }

    /// <summary>How often each desk has crossed its limit.</summary>
    public IReadOnlyDictionary<string, int> Episodes()
    {
        lock (_gate)
        {
            return new Dictionary<string, int>(_episodes);
        }
    }

    /// <summary>When the change that crossed a limit was committed.</summary>
    public DateTimeOffset? BreachedAt(string desk, int episode)
    {
        lock (_gate)
        {
            return _breachedAt.TryGetValue((desk, episode), out var at) ? at : null;
        }
    }

    /// <summary>How many changes were made.</summary>
    public int Changes
    {
        get
        {
            lock (_gate)
            {
                return _changes;
            }
        }
    }

    /// <summary>Puts the book into a table as <c>deploy/mysql/positions.sql</c> makes it.</summary>
    public string InsertStatement()
    {
        lock (_gate)
        {
            return "INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES " + string.Join(", ", _rows.Select(row => string.Create(
                CultureInfo.InvariantCulture, $"('{row.Key}', 't{row.Key.Length}', '{row.Value.Desk}', 's', 1, {row.Value.Delta:0.0000}, '2026-01-01', 'USD')")));
        }
    }

    /// <summary>Opens one position.</summary>
    public void Open(int partition, string id, string desk, decimal delta)
    {
        lock (_gate)
        {
            broker.Produce(topic, Write(partition, id, null, (desk, delta)));
        }
    }

    /// <summary>Trades until it is asked to stop, in small groups with pauses between them.</summary>
    public async Task TradeAsync(int changesPerSecond, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            Trade(Math.Max(1, changesPerSecond / 50));
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Makes some random changes and sends them.</summary>
    public void Trade(int changes)
    {
        lock (_gate)
        {
            broker.Produce(topic, Enumerable.Range(0, changes).SelectMany(_ => Change()).ToList());
        }
    }

    private IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> Change()
    {
        var partition = _random.Next(partitions);
        var isSpread = _random.Next(2) == 0;
        var prefix = isSpread ? $"S{partition}-" : $"P{partition}-";
        var held = _rows.Keys.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var desk = isSpread ? $"Spread {_random.Next(8)}" : $"Desk {partition}/{_random.Next(2)}";
        var delta = Math.Round((decimal)(_random.NextDouble() - 0.5) * (isSpread ? 10_000m : 1_200_000m), 4);
        var id = held.Count == 0 ? null : held[_random.Next(held.Count)];
        switch (id is null || held.Count < PositionsKept ? 0 : _random.Next(8))
        {
            case 0 when held.Count < 4 * PositionsKept:
                return Write(partition, $"{prefix}{++_created}", null, (desk, delta));
            case 1:
                return Write(partition, id!, _rows[id!], (desk, _rows[id!].Delta));
            case 2:
                return Write(partition, id!, _rows[id!], null);
            default:
                return Write(partition, id!, _rows[id!], (_rows[id!].Desk, delta));
        }
    }

    private List<(int Partition, byte[]? Key, byte[]? Value)> Write(
        int partition, string id, (string Desk, decimal Delta)? before, (string Desk, decimal Delta)? after)
    {
        _changes++;
        var at = DateTimeOffset.UtcNow;
        if (before is { } old && after is { } moved && old.Desk == moved.Desk)
        {
            Add(old.Desk, moved.Delta - old.Delta, at);
        }
        else
        {
            Add(before?.Desk, -(before?.Delta ?? 0), at);
            Add(after?.Desk, after?.Delta ?? 0, at);
        }

        if (after is { } now)
        {
            _rows[id] = now;
        }
        else
        {
            _rows.Remove(id);
        }

        var key = Encoding.UTF8.GetBytes($$"""{"position_id":"{{id}}"}""");
        var op = before is null ? "c" : after is null ? "d" : "u";
        var value = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"before":{{Row(id, before)}},"after":{{Row(id, after)}},"op":"{{op}}","source":{"snapshot":"false","file":"binlog.000001","pos":{{_log += 100}},"row":0,"ts_ms":{{(long)(at - s_epoch).TotalMilliseconds}},"table":"positions"},"ts_ms":{{(long)(at - s_epoch).TotalMilliseconds}} }"""));
        return after is null ? [(partition, key, value), (partition, key, null)] : [(partition, key, value)];
    }

    private void Add(string? desk, decimal delta, DateTimeOffset at)
    {
        if (desk is null)
        {
            return;
        }

        var before = _nets.GetValueOrDefault(desk);
        var after = _nets[desk] = before + delta;
        if (Math.Abs(before) <= limit && Math.Abs(after) > limit)
        {
            _episodes[desk] = _episodes.GetValueOrDefault(desk) + 1;
            _breachedAt[(desk, _episodes[desk])] = at;
        }
    }

    private static string Row(string id, (string Desk, decimal Delta)? row) => row is not { } known ? "null" : string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"position_id":"{{id}}","trader_id":"t{{id.Length}}","desk":"{{known.Desk}}","security_id":"s","quantity":"1.0","delta":"{{known.Delta:0.0000}}","entry_date":20454,"currency":"USD"}""");
}
