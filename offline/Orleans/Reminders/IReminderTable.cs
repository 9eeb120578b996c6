using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are kept.</summary>
public interface IReminderTable
{
    Task StartAsync(CancellationToken cancellationToken = default)
#pragma warning disable CS0618 // Tables of the older kind implement Init alone.
        => Init();
#pragma warning restore CS0618

    [Obsolete("Implement and use StartAsync instead")]
    Task Init() => Task.CompletedTask;

    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>The reminders whose grain's uniform hash is above <paramref name="begin"/> and at most <paramref name="end"/>; around the end of the ring when begin is not below end.</summary>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Answers the new ETag.</summary>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>False when there is no such row with this ETag.</summary>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    Task TestOnlyClearTable();

    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
