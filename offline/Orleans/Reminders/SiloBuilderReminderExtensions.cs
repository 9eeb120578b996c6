using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Offline.Reminders;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Adds reminders; their table is the <see cref="IReminderTable"/> among the services.</summary>
public static class SiloBuilderReminderExtensions
{
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        builder.Services.AddReminders();
        return builder;
    }

    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ReminderService)))
        {
            return;
        }

        services.AddSingleton<IConfigurationValidator, ReminderOptionsValidator>();
        services.TryAddSingleton<ReminderService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(s => s.GetRequiredService<ReminderService>());
    }
}
