using System.Text.Json;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// The conditions that a filter asks for, and no others. Desks are gone through in their order, and each by the one index that fits the filter
/// best; so a page is read in order and ends when it is full. SQLite has no statistics here and would guess.
/// </summary>
internal sealed class PositionConditions
{
    private readonly string? _index;
    private readonly IReadOnlyList<string> _texts;

    private PositionConditions(string? index, IReadOnlyList<string> texts, IReadOnlyList<object?> values)
    {
        _index = index;
        _texts = texts;
        Values = values;
    }

    /// <summary>The parameters, in their order.</summary>
    public IReadOnlyList<object?> Values { get; }

    /// <summary>Counts what the filter lets through; each desk knows how many rows it has.</summary>
    public string Count => _index is null ? $"SELECT coalesce(sum(d.positions), 0) FROM desks AS d WHERE true {And}" : $"SELECT count(*) {From}";

    /// <summary>Desks as <c>d</c>, their positions as <c>h</c>.</summary>
    public string From => $"FROM desks AS d CROSS JOIN held_positions AS h {(_index is null ? "" : $"INDEXED BY {_index}")} WHERE h.desk_id = d.desk_id {And}";

    public string And => string.Concat(_texts.Select(text => $" AND {text}"));

    public static PositionConditions Of(PositionFilter filter) => OfDesks(filter.Desks, Index(filter))
        .With("h.trader_id = {0}", filter.TraderId)
        .With("h.security_id = {0}", filter.SecurityId)
        .With("h.currency = {0}", filter.Currency)
        .With("h.entry_date >= {0}", filter.EntryDateFrom?.Stored())
        .With("h.entry_date <= {0}", filter.EntryDateTo?.Stored());

    /// <param name="desks">Null: all.</param>
    public static PositionConditions OfDesks(IReadOnlyCollection<string>? desks, string? index = null) =>
        new PositionConditions(index, [], []).With("d.desk IN (SELECT value FROM json_each({0}))", desks is null ? null : JsonSerializer.Serialize(desks));

    public PositionConditions WithinDeskAfter(PositionCursor cursor) => With("d.desk = {0}", cursor.Desk).With("h.position_id > {0}", cursor.PositionId);

    public PositionConditions DesksAfter(PositionCursor cursor) => With("d.desk > {0}", cursor.Desk);

    private static string? Index(PositionFilter filter) => filter switch
    {
        { SecurityId: not null } => "held_positions_by_security",
        { TraderId: not null } => "held_positions_by_trader",
        { EntryDateFrom: not null } or { EntryDateTo: not null } => "held_positions_by_date",
        { Currency: not null } => "held_positions_by_currency",
        _ => null,
    };

    private PositionConditions With(string text, object? value) => value is null
        ? this
        : new PositionConditions(_index, [.. _texts, text.Replace("{0}", $"?{Values.Count + 1}", StringComparison.Ordinal)], [.. Values, value]);
}
