using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Offline.Tests;

/// <summary>A grain with a reminder.</summary>
[Alias("test.reminder")]
public interface IReminderGrain : IGrainWithStringKey
{
    [Alias("remind")]
    Task RemindAsync(TimeSpan dueTime, TimeSpan period);

    [Alias("forget")]
    Task<bool> ForgetAsync();

    [Alias("names")]
    Task<List<string>> NamesAsync();
}

/// <inheritdoc cref="IReminderGrain"/>
public sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    public Task RemindAsync(TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder("look", dueTime, period);

    public async Task<bool> ForgetAsync()
    {
        if (await this.GetReminder("look") is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<List<string>> NamesAsync() => (await this.GetReminders()).ConvertAll(r => r.ReminderName);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Signals.See(this.GetPrimaryKeyString(), reminderName);
        return Task.CompletedTask;
    }
}
