using System.Runtime.InteropServices;

namespace RiskMonitor.Risk.Desks;

/// <summary>Totals of a desk along one dimension, kept up to date change by change. A leaf without positions is gone.</summary>
internal sealed class TotalsByKey
{
    private readonly Dictionary<(string Key, string Currency), Totals> _leaves = [];

    /// <summary>The currency of all leaves, <see cref="Units.Mixed"/>, or empty where there are none. Meant for the dimension whose key is the currency.</summary>
    public string SingleCurrency() => _leaves.Count switch
    {
        0 => "",
        1 => _leaves.Keys.First().Currency,
        _ => Units.Mixed,
    };

    public void Add(string key, string currency, decimal? delta)
    {
        ref var totals = ref CollectionsMarshal.GetValueRefOrAddDefault(_leaves, (key, currency), out _);
        totals = totals.With(delta);
    }

    public void Remove(string key, string currency, decimal? delta)
    {
        ref var totals = ref CollectionsMarshal.GetValueRefOrNullRef(_leaves, (key, currency));
        totals = totals.Without(delta);
        if (totals.Count == 0)
        {
            _leaves.Remove((key, currency));
        }
    }

    /// <summary>A copy of the leaves; reading it does not see later changes.</summary>
    public TotalsLeaf[] Copy()
    {
        var copy = new TotalsLeaf[_leaves.Count];
        var i = 0;
        foreach (var ((key, currency), totals) in _leaves)
        {
            copy[i++] = new TotalsLeaf(key, currency, totals);
        }

        return copy;
    }
}
