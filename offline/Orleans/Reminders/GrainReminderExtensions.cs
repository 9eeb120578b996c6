using Microsoft.Extensions.DependencyInjection;
using Orleans.Offline;
using Orleans.Offline.Reminders;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Reminders for grain classes.</summary>
public static class GrainReminderExtensions
{
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var reminders = RemindersOf(grain);
        ArgumentNullException.ThrowIfNull(string.IsNullOrWhiteSpace(reminderName) ? null : reminderName, nameof(reminderName));
        return grain is IRemindable
            ? reminders.RegisterAsync(grain.GrainContext.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException($"Grain {grain.GrainContext.GrainId} is not '{nameof(IRemindable)}'.");
    }

    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) => RemindersOf(grain).UnregisterAsync((Reminder)reminder);

    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        ArgumentNullException.ThrowIfNull(string.IsNullOrWhiteSpace(reminderName) ? null : reminderName, nameof(reminderName));
        return RemindersOf(grain).GetAsync(grain.GrainContext.GrainId, reminderName);
    }

    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => RemindersOf(grain).GetAllAsync(grain.GrainContext.GrainId);

    private static ReminderService RemindersOf(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain?.GrainContext, nameof(grain));
        if (Activation.Current is null)
        {
            throw new InvalidOperationException("Reminders are used in a turn of the grain, not in Task.Run or after ConfigureAwait(false).");
        }

        var service = grain.GrainContext.ActivationServices.GetService<ReminderService>();
        return service is { HasTable: true }
            ? service
            : throw new OrleansConfigurationException("The reminder service has not been configured: use AddReminders and a reminder table, or UseInMemoryReminderService.");
    }
}
