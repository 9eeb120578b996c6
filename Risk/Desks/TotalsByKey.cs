using System.Runtime.InteropServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>Totals of a desk along one dimension, kept up to date change by change. A leaf without positions is removed.</summary>
/// <param name="sumsQuantities">Whether a leaf's positions are of one instrument, so that their quantities have a sum.</param>
internal sealed class TotalsByKey(bool sumsQuantities = false)
{
    private readonly Dictionary<(string Key, string Currency), Sums> _leaves = [];

    /// <summary>The currency of all leaves, <see cref="Units.Mixed"/>, or empty where there are none. Meant for the dimension whose key is the currency.</summary>
    public string SingleCurrency() => _leaves.Count switch
    {
        0 => "",
        1 => _leaves.Keys.First().Currency,
        _ => Units.Mixed,
    };

    public void Add(string key, Position row)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_leaves, (key, row.Currency), out _);
        sums.Totals = sums.Totals.With(row.Delta);
        if (sumsQuantities)
        {
            sums.Add(row.Quantity, 1);
        }
    }

    public void Remove(string key, Position row)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrNullRef(_leaves, (key, row.Currency));
        sums.Totals = sums.Totals.Without(row.Delta);
        if (sumsQuantities)
        {
            sums.Add(-row.Quantity, -1);
        }

        if (sums.Totals.Count == 0)
        {
            _leaves.Remove((key, row.Currency));
        }
    }

    /// <summary>A copy of the leaves; reading it does not see later changes.</summary>
    public TotalsLeaf[] Copy()
    {
        var copy = new TotalsLeaf[_leaves.Count];
        var i = 0;
        foreach (var ((key, currency), sums) in _leaves)
        {
            copy[i++] = new TotalsLeaf(key, currency, sums.Totals, sumsQuantities && sums.Unsummed == 0 ? sums.Quantity : null);
        }

        return copy;
    }

    private struct Sums
    {
        public Totals Totals;
        public decimal Quantity;

        /// <summary>Positions whose quantity does not fit the table: with one of them there is no sum.</summary>
        public int Unsummed;

        public void Add(decimal quantity, int positions)
        {
            if (Math.Abs(quantity) < Desks.Totals.MostDelta)
            {
                Quantity += quantity;
            }
            else
            {
                Unsummed += positions;
            }
        }
    }
}
