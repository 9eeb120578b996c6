using Microsoft.Extensions.DependencyInjection;
using Orleans.Offline.Reminders;

namespace Orleans.Hosting;

/// <summary>Adds reminders in memory, for development and tests.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.AddReminders();
        builder.Services.AddSingleton<IReminderTable, MemoryReminderTable>();
        return builder;
    }
}
