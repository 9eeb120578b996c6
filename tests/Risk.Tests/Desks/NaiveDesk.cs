using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>The model that the desk must agree with: one change after the other, everything summed anew each time.</summary>
internal sealed class NaiveDesk(decimal threshold)
{
    private readonly Dictionary<string, Position> _rows = [];

    public List<NaiveEpisode> Episodes { get; } = [];

    public IReadOnlyDictionary<string, Position> Rows => _rows;

    public decimal Net => _rows.Values.Sum(row => row.Delta ?? 0);

    public decimal Gross => _rows.Values.Sum(row => Math.Abs(row.Delta ?? 0));

    public decimal NetOf(Func<Position, bool> which) => _rows.Values.Where(which).Sum(row => row.Delta ?? 0);

    public void Apply(PositionChange change)
    {
        if (change.After is null)
        {
            if (!_rows.Remove(change.PositionId))
            {
                return;
            }
        }
        else
        {
            _rows[change.PositionId] = change.After;
        }

        Judge(change.Delivery.Offset, change.TransactionId);
    }

    private void Judge(long offset, string? transaction)
    {
        var net = Net;
        var open = Episodes.Count > 0 && Episodes[^1].CuredAt is null ? Episodes[^1] : null;
        if (open is null && Math.Abs(net) > threshold)
        {
            Episodes.Add(new NaiveEpisode(offset, net, transaction) { Revision = 1, Severity = Grade(net) });
        }
        else if (open is not null && Math.Abs(net) <= threshold)
        {
            open.CuredAt = offset;
            open.Transient = transaction is not null && transaction == open.Transaction;
        }
        else if (open is not null && Grade(net) > open.Severity)
        {
            open.Severity = Grade(net);
            open.Revision++;
        }
    }

    private int Grade(decimal net) => ((Math.Abs(net) - threshold) / threshold) switch
    {
        >= 0.5m => 2,
        >= 0.2m => 1,
        _ => 0,
    };
}

internal sealed class NaiveEpisode(long openedAt, decimal value, string? transaction)
{
    public long OpenedAt { get; } = openedAt;

    public decimal Value { get; } = value;

    public string? Transaction { get; } = transaction;

    public long? CuredAt { get; set; }

    public bool Transient { get; set; }

    public int Revision { get; set; }

    public int Severity { get; set; }
}
