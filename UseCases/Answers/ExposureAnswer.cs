using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The exposure of a desk. Each breakdown has its largest rows first and the sum of the omitted rows, so that the rows add up to the total.</summary>
public sealed record ExposureAnswer : Figures
{
    private byte[]? _json;

    /// <param name="belowDesk">Traders and securities are not withheld.</param>
    /// <param name="top">The most rows of a breakdown; null: all.</param>
    internal ExposureAnswer(DeskView deskView, bool belowDesk, MarketView? view, int? top)
        : base(deskView.Totals, deskView.Unit)
    {
        OldestDeltaAt = deskView.OldestDeltaAt;
        var breakdown = deskView.Breakdown;
        (ByCurrency, ByCurrencyOther) = RowsOf(breakdown.ByCurrency(), group => new CurrencyFigures(group, view), top);
        if (belowDesk)
        {
            (ByTrader, ByTraderOther) = RowsOf(breakdown.ByTrader(), group => new TraderFigures(group), top);
            (BySecurity, BySecurityOther) = RowsOf(breakdown.BySecurity(), group => new SecurityFigures(group), top);
        }
    }

    /// <summary>The least <c>updated_at</c> of the positions.</summary>
    public DateTimeOffset? OldestDeltaAt { get; }

    /// <summary>Positions without a delta are among them.</summary>
    public bool Incomplete => MissingDeltaCount > 0;

    /// <summary>The number of rows of all breakdowns together.</summary>
    internal int Rows => ByCurrency.Count + (ByTrader?.Count ?? 0) + (BySecurity?.Count ?? 0);

    public IReadOnlyList<CurrencyFigures> ByCurrency { get; }

    /// <summary>Null when withheld.</summary>
    public IReadOnlyList<TraderFigures>? ByTrader { get; }

    /// <summary>Null when withheld.</summary>
    public IReadOnlyList<SecurityFigures>? BySecurity { get; }

    /// <summary>The sum of the currencies that were left out; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? ByCurrencyOther { get; }

    /// <summary>The sum of the traders that were left out; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? ByTraderOther { get; }

    /// <summary>The sum of the securities that were left out; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OtherFigures? BySecurityOther { get; }

    private static (IReadOnlyList<TRow> Rows, OtherFigures? Other) RowsOf<TRow>(IReadOnlyList<Group> groups, Func<Group, TRow> row, int? top)
    {
        var shown = Math.Min(top ?? groups.Count, groups.Count);
        var rows = new TRow[shown];
        for (var i = 0; i < shown; i++)
        {
            rows[i] = row(groups[i]);
        }

        return (rows, shown < groups.Count ? OtherFigures.Of(groups, shown) : null);
    }

    /// <summary>Serialises the exposure once for all answers that contain it, because it is most of the work of an answer.</summary>
    internal sealed class OnceWritten : OnlyWritten<ExposureAnswer>
    {
        // Two writers at once may both make the text; it is the same, whatever the options of the text around it.
        public override void Write(Utf8JsonWriter writer, ExposureAnswer value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value._json ??= JsonSerializer.SerializeToUtf8Bytes(value, RiskJson.Options), skipInputValidation: true);
    }
}

public sealed record CurrencyFigures : Figures
{
    internal CurrencyFigures(Group group, MarketView? view)
        : base(group.Totals, group.Unit)
    {
        Currency = group.Key;
        ReportingDelta = view?.Convert([(group.Key, group.Totals)])?.Net is { } net ? (Money?)net : null;
    }

    [JsonPropertyOrder(KeyOrder)]
    public string Currency { get; }

    /// <summary>Null where there is no rate, or no reporting currency.</summary>
    public Money? ReportingDelta { get; }
}

public sealed record TraderFigures : Figures
{
    internal TraderFigures(Group group)
        : base(group.Totals, group.Unit) => TraderId = group.Key;

    [JsonPropertyOrder(KeyOrder)]
    public string TraderId { get; }
}

public sealed record SecurityFigures : Figures
{
    internal SecurityFigures(Group group)
        : base(group.Totals, group.Unit) => SecurityId = group.Key;

    [JsonPropertyOrder(KeyOrder)]
    public string SecurityId { get; }
}

/// <summary>Rows that a list left out, summed up.</summary>
public sealed record OtherFigures : Figures
{
    private OtherFigures(Totals totals, string unit, int rows)
        : base(totals, unit) => Rows = rows;

    /// <summary>The number of rows that were left out.</summary>
    [JsonPropertyOrder(KeyOrder)]
    public int Rows { get; }

    public static OtherFigures Of(IReadOnlyList<Group> groups, int shown)
    {
        var (totals, unit) = (groups[shown].Totals, groups[shown].Unit);
        for (var i = shown + 1; i < groups.Count; i++)
        {
            totals += groups[i].Totals;
            unit = groups[i].Unit == unit ? unit : Units.Mixed;
        }

        return new OtherFigures(totals, unit, groups.Count - shown);
    }
}
