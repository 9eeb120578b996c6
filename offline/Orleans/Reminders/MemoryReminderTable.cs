using Orleans.Offline.Copying;
using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>The reminder table for development and tests.</summary>
internal sealed class MemoryReminderTable(LocalCluster cluster) : IReminderTable
{
    private MemoryReminders Table => cluster.Reminders;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Data(Table.Rows.Where(r => r.GrainId == grainId));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Data(Table.Rows.Where(r =>
    {
        var hash = r.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    }));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult(Copier.Copy(Table.Get(grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        var row = Copier.Copy(entry);
        row.ETag = Guid.NewGuid().ToString();
        Table.Put(row);
        return Task.FromResult<string?>(row.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(Table.Remove(grainId, reminderName, eTag));

    public Task TestOnlyClearTable()
    {
        Table.Clear();
        return Task.CompletedTask;
    }

    private static Task<ReminderTableData> Data(IEnumerable<ReminderEntry> rows) => Task.FromResult(new ReminderTableData(rows.Select(Copier.Copy)));
}
