using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Reminders in the monitor's own database. A cluster uses Orleans' ADO.NET reminders instead.</summary>
internal sealed class SqliteReminderTable(IReminderStore store, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private string ServiceId => cluster.Value.ServiceId;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Data(await store.OfGrainAsync(ServiceId, grainId.ToString(), CancellationToken.None));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        Data(await store.InRangeAsync(ServiceId, begin, end, CancellationToken.None));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        await store.FindAsync(ServiceId, grainId.ToString(), reminderName, CancellationToken.None) is { } stored
            ? Entry(stored)
            : null;

    public async Task<string?> UpsertRow(ReminderEntry entry) => await store.PutAsync(
        new StoredReminder(
            ServiceId,
            entry.GrainId.ToString(),
            entry.ReminderName,
            new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)),
            entry.Period,
            entry.GrainId.GetUniformHashCode(),
            entry.ETag),
        CancellationToken.None);

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        store.RemoveAsync(ServiceId, grainId.ToString(), reminderName, eTag, CancellationToken.None);

    public Task TestOnlyClearTable() => store.ClearAsync(ServiceId, CancellationToken.None);

    private static ReminderTableData Data(IReadOnlyList<StoredReminder> reminders) => new(reminders.Select(Entry));

    private static ReminderEntry Entry(StoredReminder stored) => new()
    {
        GrainId = GrainId.Parse(stored.GrainId),
        ReminderName = stored.Name,
        StartAt = stored.StartAt.UtcDateTime,
        Period = stored.Period,
        ETag = stored.ETag,
    };
}
