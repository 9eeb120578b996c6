using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>The conditions that a filter asks for, and no others: desks as <c>d</c>, their positions as <c>h</c>.</summary>
internal sealed class MySqlPositionConditions
{
    private readonly Dictionary<string, object?> _values = [];
    private readonly List<string> _ofPositions = [];

    public string OfDesks { get; private set; } = "";

    public string OfPositions => string.Concat(_ofPositions);

    public bool LetsWholeDesksThrough => _ofPositions.Count == 0;

    /// <summary>The parameters.</summary>
    public object Values => _values;

    public static MySqlPositionConditions Of(PositionFilter filter)
    {
        var conditions = new MySqlPositionConditions();
        if (filter.Desks is { } desks)
        {
            conditions.OfDesks = " AND d.desk IN @Desks";
            conditions._values.Add("Desks", desks.ToArray());
        }

        conditions.Add("h.trader_id = @TraderId", "TraderId", filter.TraderId);
        conditions.Add("h.security_id = @SecurityId", "SecurityId", filter.SecurityId);
        conditions.Add("h.currency = @Currency", "Currency", filter.Currency);
        conditions.Add("h.entry_date >= @EntryDateFrom", "EntryDateFrom", filter.EntryDateFrom?.Stored());
        conditions.Add("h.entry_date <= @EntryDateTo", "EntryDateTo", filter.EntryDateTo?.Stored());
        return conditions;
    }

    public object With(params IEnumerable<(string Name, object Value)> more)
    {
        var values = new Dictionary<string, object?>(_values);
        foreach (var (name, value) in more)
        {
            values[name] = value;
        }

        return values;
    }

    private void Add(string condition, string name, string? value)
    {
        if (value is not null)
        {
            _ofPositions.Add($" AND {condition}");
            _values.Add(name, value);
        }
    }
}
