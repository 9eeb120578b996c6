using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>Totals of a desk along one dimension, kept up to date change by change. A leaf without positions is removed.</summary>
/// <param name="sumsQuantities">Whether a leaf's positions are of one instrument, so that their quantities have a sum.</param>
internal sealed class TotalsByKey(bool sumsQuantities = false)
{
    /// <summary>The first leaf of each key. A key has further leaves where its positions are in several currencies, which is rare.</summary>
    private readonly Dictionary<string, Leaf> _leaves = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The currency of all leaves, <see cref="Units.Mixed"/>, or empty where there are none. Meant for the dimension whose key is the currency.</summary>
    public string SingleCurrency() => _count switch
    {
        0 => "",
        1 => _leaves.Values.First().Currency,
        _ => Units.Mixed,
    };

    /// <summary>Counts a row in place of the one before it; most changes leave a position in its leaf.</summary>
    /// <param name="before">Null where the position is new.</param>
    public void Replace(string? keyBefore, Position? before, string key, Position row)
    {
        if (before is not null && key == keyBefore && row.Currency == before.Currency)
        {
            Find(key, row.Currency)!.Replace(before, row, sumsQuantities);
            return;
        }

        if (before is not null)
        {
            Remove(keyBefore!, before);
        }

        (Find(key, row.Currency) ?? Begin(key, row.Currency)).Add(row, sumsQuantities);
    }

    public void Remove(string key, Position row)
    {
        var leaf = Find(key, row.Currency)!;
        leaf.Remove(row, sumsQuantities);
        if (leaf.Totals.Count == 0)
        {
            End(key, leaf);
        }
    }

    /// <summary>A copy of the leaves; reading it does not see later changes.</summary>
    public TotalsLeaf[] Copy()
    {
        var copy = new TotalsLeaf[_count];
        var i = 0;
        foreach (var (key, first) in _leaves)
        {
            for (var leaf = first; leaf is not null; leaf = leaf.Next)
            {
                copy[i++] = new TotalsLeaf(key, leaf.Currency, leaf.Totals, sumsQuantities && leaf.Unsummed == 0 ? leaf.Quantity : null);
            }
        }

        return copy;
    }

    private Leaf? Find(string key, string currency)
    {
        var leaf = _leaves.GetValueOrDefault(key);
        while (leaf is not null && leaf.Currency != currency)
        {
            leaf = leaf.Next;
        }

        return leaf;
    }

    private Leaf Begin(string key, string currency)
    {
        var leaf = new Leaf(currency) { Next = _leaves.GetValueOrDefault(key) };
        _leaves[key] = leaf;
        _count++;
        return leaf;
    }

    private void End(string key, Leaf ended)
    {
        _count--;
        var first = _leaves[key];
        if (first != ended)
        {
            var before = first;
            while (before.Next != ended)
            {
                before = before.Next!;
            }

            before.Next = ended.Next;
        }
        else if (ended.Next is { } next)
        {
            _leaves[key] = next;
        }
        else
        {
            _leaves.Remove(key);
        }
    }

    /// <summary>The positions of one key in one currency.</summary>
    private sealed class Leaf(string currency)
    {
        public string Currency { get; } = currency;

        public Leaf? Next { get; set; }

        public Totals Totals { get; private set; }

        public decimal Quantity { get; private set; }

        /// <summary>Positions whose quantity does not fit the table: with one of them there is no sum.</summary>
        public int Unsummed { get; private set; }

        public void Add(Position row, bool sumsQuantities)
        {
            Totals = Totals.With(row.Delta);
            if (sumsQuantities)
            {
                Add(row.Quantity, 1);
            }
        }

        public void Remove(Position row, bool sumsQuantities)
        {
            Totals = Totals.Without(row.Delta);
            if (sumsQuantities)
            {
                Add(-row.Quantity, -1);
            }
        }

        public void Replace(Position before, Position row, bool sumsQuantities)
        {
            Remove(before, sumsQuantities);
            Add(row, sumsQuantities);
        }

        private void Add(decimal quantity, int positions)
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
