using System.Globalization;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>What desks hold against what the table holds, position by position.</summary>
internal static class BookComparison
{
    /// <param name="table">The rows of the table, by position id.</param>
    /// <param name="uncertain">Positions that cannot be compared: they change just now, or their rows cannot be read.</param>
    /// <param name="desk">Only this desk; null: all.</param>
    public static IReadOnlyList<BookDifference> Of(
        IReadOnlyDictionary<string, Position> table, IReadOnlyList<DeskHolding> holdings, string feed, Func<string, bool> uncertain, string? desk)
    {
        var held = holdings.SelectMany(holding => holding.Positions.Where(position => position.Feed == feed)).ToLookup(position => position.Row.PositionId, StringComparer.Ordinal);
        var unreadable = holdings.Where(holding => holding.Problem is not null).Select(holding => holding.Desk).ToHashSet(StringComparer.Ordinal);
        var differences = new List<BookDifference>();
        foreach (var row in table.Values.Where(row => !uncertain(row.PositionId) && (desk is null || row.Desk == desk) && !unreadable.Contains(row.Desk)))
        {
            var own = held[row.PositionId].FirstOrDefault(position => position.Row.Desk == row.Desk);
            if (own is null)
            {
                differences.Add(new BookDifference(row.PositionId, row.Desk, null, $"{Quoted(row.Desk)} lacks {Quoted(row.PositionId)}: delta {Text(row.Delta)} {row.Currency}"));
            }
            else if (Fields(row, own.Row) is { Count: > 0 } fields)
            {
                differences.Add(new BookDifference(row.PositionId, row.Desk, null, $"{Quoted(row.Desk)} holds {Quoted(row.PositionId)} with {string.Join(", ", fields)}"));
            }
        }

        foreach (var position in held.SelectMany(positions => positions).Where(position => !uncertain(position.Row.PositionId) && (desk is null || position.Row.Desk == desk)))
        {
            var (id, holder) = (position.Row.PositionId, position.Row.Desk);
            if (!table.TryGetValue(id, out var row))
            {
                differences.Add(new BookDifference(id, holder, holder, $"{Quoted(holder)} holds {Quoted(id)}, which is not in the table: delta {Text(position.Row.Delta)} {position.Row.Currency}"));
            }
            else if (row.Desk != holder)
            {
                differences.Add(new BookDifference(id, holder, holder, $"{Quoted(holder)} holds {Quoted(id)}, which is {Quoted(row.Desk)}'s in the table"));
            }
        }

        return [.. differences.OrderBy(difference => difference.Desk, StringComparer.Ordinal).ThenBy(difference => difference.PositionId, StringComparer.Ordinal)];
    }

    /// <summary><c>updated_at</c> is not compared: it says when the row was written and is no part of the risk.</summary>
    private static List<string> Fields(Position table, Position held)
    {
        var fields = new List<string>();
        Compare("delta", Text(table.Delta), Text(held.Delta), table.Delta == held.Delta);
        Compare("currency", table.Currency, held.Currency, table.Currency == held.Currency);
        Compare("quantity", Text(table.Quantity), Text(held.Quantity), table.Quantity == held.Quantity);
        Compare("trader_id", Quoted(table.TraderId), Quoted(held.TraderId), table.TraderId == held.TraderId);
        Compare("security_id", Quoted(table.SecurityId), Quoted(held.SecurityId), table.SecurityId == held.SecurityId);
        Compare("entry_date", table.EntryDate.ToString("O", CultureInfo.InvariantCulture), held.EntryDate.ToString("O", CultureInfo.InvariantCulture), table.EntryDate == held.EntryDate);
        return fields;

        void Compare(string name, string right, string wrong, bool isSame)
        {
            if (!isSame)
            {
                fields.Add($"{name} {wrong} instead of {right}");
            }
        }
    }

    private static string Text(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture) ?? "NULL";

    private static string Quoted(string text) => VisibleText.Quoted(text);
}

/// <param name="Desk">The desk that is wrong.</param>
/// <param name="WrongDesk">The desk that holds what it should not; null where it lacks something, or holds it wrongly.</param>
/// <param name="Text">What is different, in one line.</param>
internal sealed record BookDifference(string PositionId, string Desk, string? WrongDesk, string Text);
