using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>The rows behind <see cref="MemoryReminderTable"/>; they live as long as one silo of the cluster does.</summary>
internal sealed class MemoryReminders
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();

    internal IEnumerable<ReminderEntry> Rows => _rows.Values;

    internal ReminderEntry? Get(GrainId grainId, string name) => _rows.GetValueOrDefault((grainId, name));

    internal void Put(ReminderEntry entry) => _rows[(entry.GrainId, entry.ReminderName)] = entry;

    internal bool Remove(GrainId grainId, string name, string eTag) =>
        Get(grainId, name) is { } row && row.ETag == eTag && _rows.TryRemove((grainId, name), out _);

    internal void Clear() => _rows.Clear();
}
