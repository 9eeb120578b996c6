using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>What a grain holds of its reminder: enough to remove it.</summary>
[Immutable]
internal sealed record Reminder(GrainId GrainId, string ReminderName, string ETag) : IGrainReminder;
