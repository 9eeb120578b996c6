using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Offline.Reminders;

/// <summary>Refuses impossible reminder options and warns of reminders that may tick often.</summary>
internal sealed partial class ReminderOptionsValidator(IOptions<ReminderOptions> options, ILogger<ReminderOptionsValidator> logger) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        if (options.Value.MinimumReminderPeriod < TimeSpan.Zero)
        {
            throw new OrleansConfigurationException($"{nameof(ReminderOptions)}.{nameof(ReminderOptions.MinimumReminderPeriod)} must not be less than {TimeSpan.Zero}");
        }

        if (options.Value.RefreshReminderListPeriod <= TimeSpan.Zero)
        {
            throw new OrleansConfigurationException($"{nameof(ReminderOptions)}.{nameof(ReminderOptions.RefreshReminderListPeriod)} must be greater than {TimeSpan.Zero}");
        }

        if (options.Value.MinimumReminderPeriod < TimeSpan.FromMinutes(1))
        {
            FastReminders(options.Value.MinimumReminderPeriod);
        }
    }

    [LoggerMessage(LogLevel.Warning, "ReminderOptions.MinimumReminderPeriod is {Period}. High-frequency reminders are unsuitable for production use.")]
    private partial void FastReminders(TimeSpan period);
}
