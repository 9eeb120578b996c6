using System.Data.Common;
using System.Runtime.InteropServices;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Sums rows that come desk by desk, so that one desk's groups at a time are looked up.</summary>
internal sealed class PositionSumming
{
    /// <summary>What a row is expected to have, in this order.</summary>
    public const string Columns = "d.desk_id, d.desk, h.trader_id, h.security_id, h.currency, h.quantity, h.delta";

    private readonly List<PositionSum> _sums = [];
    private readonly List<string> _unreadable = [];
    private readonly Dictionary<(string TraderId, string SecurityId, string Currency), (Totals Totals, decimal Quantity)> _groups = [];
    private (long Id, string Name) _desk = (0, "");
    private bool _isReadable = true;

    public void Add(DbDataReader row)
    {
        if (row.GetInt64(0) != _desk.Id)
        {
            EndDesk();
            _desk = (row.GetInt64(0), row.Text(1));
        }

        if (!_isReadable || !Unreadable.TryRead(() => (row.Text(2), row.Text(3), row.Text(4), row.Decimal(5), row.DecimalOrNull(6)), out var position, out _))
        {
            // Part of a desk is no sum of it.
            _isReadable = false;
            return;
        }

        var (traderId, securityId, currency, quantity, delta) = position;
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, (traderId, securityId, currency), out _);
        sum = (sum.Totals.With(delta), Amounts.Sum(sum.Quantity, quantity) ?? Amounts.Most);
    }

    public PositionSums End(IReadOnlyList<UnfoldedDesk> unfolded)
    {
        EndDesk();
        return new PositionSums(_sums, unfolded) { Unreadable = _unreadable };
    }

    private void EndDesk()
    {
        if (!_isReadable)
        {
            _unreadable.Add(_desk.Name);
            _groups.Clear();
            _isReadable = true;
        }

        foreach (var ((traderId, securityId, currency), (totals, quantity)) in _groups)
        {
            _sums.Add(new PositionSum(_desk.Name, traderId, securityId, currency, totals, quantity));
        }

        _groups.Clear();
    }
}
