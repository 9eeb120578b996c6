using Microsoft.Data.Sqlite;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteReminderStore(SqliteStorage storage) : IReminderStore
{
    private const string Select = "SELECT service_id, grain_id, name, start_at, period, grain_hash, etag FROM reminders WHERE service_id = ?1";

    public async Task<StoredReminder?> FindAsync(string serviceId, string grainId, string name, CancellationToken cancellationToken)
    {
        var rows = await storage.ReadAsync(
            ReadPool.Activation,
            session => session.List($"{Select} AND grain_id = ?2 AND name = ?3", Reminder, serviceId, grainId, name), cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    public async Task<IReadOnlyList<StoredReminder>> OfGrainAsync(string serviceId, string grainId, CancellationToken cancellationToken) =>
        await storage.ReadAsync(ReadPool.Activation, session => session.List($"{Select} AND grain_id = ?2", Reminder, serviceId, grainId), cancellationToken);

    public async Task<IReadOnlyList<StoredReminder>> InRangeAsync(string serviceId, uint begin, uint end, CancellationToken cancellationToken)
    {
        var range = begin < end ? "grain_hash > ?2 AND grain_hash <= ?3" : "(grain_hash > ?2 OR grain_hash <= ?3)";
        return await storage.ReadAsync(ReadPool.Activation, session => session.List($"{Select} AND {range}", Reminder, serviceId, (long)begin, (long)end), cancellationToken);
    }

    public Task<string> PutAsync(StoredReminder reminder, CancellationToken cancellationToken)
    {
        // Never used before: an etag from before a removal must not fit a reminder of the same name that came after it.
        var etag = Guid.NewGuid().ToString("N");
        return storage.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT OR REPLACE INTO reminders (service_id, grain_id, name, start_at, period, grain_hash, etag) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    reminder.ServiceId,
                    reminder.GrainId,
                    reminder.Name,
                    reminder.StartAt.Stored(),
                    reminder.Period.Ticks,
                    (long)reminder.GrainHash,
                    etag);
                return etag;
            },
            cancellationToken);
    }

    public Task<bool> RemoveAsync(string serviceId, string grainId, string name, string etag, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => session.Execute(
                "DELETE FROM reminders WHERE service_id = ?1 AND grain_id = ?2 AND name = ?3 AND etag = ?4", serviceId, grainId, name, etag) > 0,
            cancellationToken);

    public Task ClearAsync(string serviceId, CancellationToken cancellationToken) =>
        storage.WriteAsync(session => session.Execute("DELETE FROM reminders WHERE service_id = ?1", serviceId), cancellationToken);

    private static StoredReminder Reminder(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.Instant(3),
        TimeSpan.FromTicks(row.GetInt64(4)),
        (uint)row.GetInt64(5),
        row.GetString(6));
}
