using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>What a desk carries.</summary>
internal sealed record ExposureAnswer : Figures
{
    internal ExposureAnswer(DeskPicture picture, bool belowDesk)
        : base(picture.Totals, picture.Unit)
    {
        OldestDeltaAt = picture.OldestDeltaAt;
        var breakdown = picture.Breakdown;
        ByCurrency = [.. breakdown.ByCurrency().Select(group => new CurrencyFigures(group))];
        ByTrader = belowDesk ? [.. breakdown.ByTrader().Select(group => new TraderFigures(group))] : null;
        BySecurity = belowDesk ? [.. breakdown.BySecurity().Select(group => new SecurityFigures(group))] : null;
    }

    /// <summary>The least <c>updated_at</c> of the positions.</summary>
    public DateTimeOffset? OldestDeltaAt { get; }

    /// <summary>Positions without a delta are among them.</summary>
    public bool Incomplete => MissingDeltaCount > 0;

    /// <summary>The largest |delta| first, like the other breakdowns.</summary>
    public IReadOnlyList<CurrencyFigures> ByCurrency { get; private init; }

    /// <summary>Null when withheld.</summary>
    public IReadOnlyList<TraderFigures>? ByTrader { get; private init; }

    /// <summary>Null when withheld.</summary>
    public IReadOnlyList<SecurityFigures>? BySecurity { get; private init; }

    /// <summary>The sum of the rows that were left out; absent where none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? ByCurrencyOther { get; private init; }

    /// <summary>Likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? ByTraderOther { get; private init; }

    /// <summary>Likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? BySecurityOther { get; private init; }

    /// <summary>The same with the largest rows of each breakdown, and the others summed up so that the sums still close.</summary>
    public ExposureAnswer Top(int rows) => this with
    {
        ByCurrency = [.. ByCurrency.Take(rows)],
        ByCurrencyOther = OtherFigures.Of(ByCurrency, rows),
        ByTrader = ByTrader is null ? null : [.. ByTrader.Take(rows)],
        ByTraderOther = OtherFigures.Of(ByTrader, rows),
        BySecurity = BySecurity is null ? null : [.. BySecurity.Take(rows)],
        BySecurityOther = OtherFigures.Of(BySecurity, rows),
    };
}

internal sealed record CurrencyFigures : Figures
{
    internal CurrencyFigures(Group group)
        : base(group.Totals, group.Unit) => Currency = group.Key;

    [JsonPropertyOrder(KeyOrder)]
    public string Currency { get; }
}

internal sealed record TraderFigures : Figures
{
    internal TraderFigures(Group group)
        : base(group.Totals, group.Unit) => TraderId = group.Key;

    [JsonPropertyOrder(KeyOrder)]
    public string TraderId { get; }
}

internal sealed record SecurityFigures : Figures
{
    internal SecurityFigures(Group group)
        : base(group.Totals, group.Unit) => SecurityId = group.Key;

    [JsonPropertyOrder(KeyOrder)]
    public string SecurityId { get; }
}

/// <summary>Rows that a list left out, summed up.</summary>
internal sealed record OtherFigures : Figures
{
    private OtherFigures(IReadOnlyList<Figures> rows)
        : base(
            rows.Select(row => new Totals(row.LongDelta.Amount, row.ShortDelta.Amount, row.PositionCount, row.MissingDeltaCount)).Aggregate((a, b) => a + b),
            rows.Select(row => row.Unit).Distinct().Count() == 1 ? rows[0].Unit : Units.Mixed) => Rows = rows.Count;

    /// <summary>How many.</summary>
    [JsonPropertyOrder(KeyOrder)]
    public int Rows { get; }

    /// <returns>Null where none was left out.</returns>
    public static OtherFigures? Of(IReadOnlyList<Figures>? rows, int shown) => rows?.Count > shown ? new OtherFigures([.. rows.Skip(shown)]) : null;
}
