namespace Orleans.Hosting;

/// <summary>How reminders are read and how often they may tick.</summary>
public sealed class ReminderOptions
{
    /// <summary>A shorter period is refused when a reminder is registered; the first due time may be shorter.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan InitializationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
