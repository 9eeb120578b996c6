using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Writes a desk's rows with prepared statements.</summary>
internal static class SqliteHeldPositions
{
    /// <param name="isFirst">The desk has no rows yet, so that none is looked for.</param>
    public static void Put(SqliteSession session, object deskId, HeldPosition position, bool isFirst = false)
    {
        var row = position.Row;
        ReadOnlySpan<object?> values =
        [
            deskId,
            row.PositionId,
            row.TraderId,
            row.SecurityId,
            row.Quantity.Stored(),
            row.Delta?.Stored(),
            row.EntryDate.Stored(),
            row.Currency,
            row.UpdatedAt.Stored(),
            position.Source?.Log,
            position.Source?.File,
            position.Source?.Offset,
            position.Source?.Row,
            position.Feed,
            position.Generation,
        ];

        // Most rows keep their trader and security: naming these columns as new values would write their indexes anew, whatever the values.
        var kept = isFirst ? 0 : session.Execute(
            """
            UPDATE held_positions SET
                quantity = ?5, delta = ?6, entry_date = ?7, currency = ?8, updated_at = ?9,
                source_log = ?10, source_file = ?11, source_offset = ?12, source_row = ?13, feed = ?14, generation = ?15
            WHERE desk_id = ?1 AND position_id = ?2 AND +trader_id = ?3 AND +security_id = ?4
            """,
            values);
        if (kept > 0)
        {
            return;
        }

        session.Execute(
            """
            INSERT INTO held_positions (
                desk_id, position_id, trader_id, security_id, quantity, delta, entry_date, currency, updated_at,
                source_log, source_file, source_offset, source_row, feed, generation)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            ON CONFLICT (desk_id, position_id) DO UPDATE SET
                trader_id = excluded.trader_id, security_id = excluded.security_id, quantity = excluded.quantity, delta = excluded.delta,
                entry_date = excluded.entry_date, currency = excluded.currency, updated_at = excluded.updated_at,
                source_log = excluded.source_log, source_file = excluded.source_file, source_offset = excluded.source_offset,
                source_row = excluded.source_row, feed = excluded.feed, generation = excluded.generation
            """,
            values);
    }
}
