using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Access;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Feeds;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Limits;

namespace RiskMonitor.Storage;

/// <summary>Registers what is the same for every database, over its <see cref="IDatabase"/>, <see cref="IJournalTables"/> and <see cref="IAlertNumbers"/>.</summary>
internal static class RepositoryServices
{
    public static void AddRepositories(this IServiceCollection services)
    {
        services.AddSingleton<DeskJournal>();
        services.AddSingleton<IDeskJournal>(provider => provider.GetRequiredService<DeskJournal>());
        services.AddSingleton<IDeskJournalReader>(provider => provider.GetRequiredService<DeskJournal>());
        services.AddSingleton<IDeskRepair, DeskRepair>();
        services.AddSingleton<IDeskHistory, DeskHistory>();
        services.AddSingleton<IJournalRetention, JournalRetention>();
        services.AddSingleton<IPositionDirectory, PositionDirectory>();
        services.AddSingleton<IAlertStore, AlertStore>();
        services.AddSingleton<IAlertQueries, AlertQueries>();
        services.AddSingleton<ILimitStore, LimitStore>();
        services.AddSingleton<IDeadLetterStore, DeadLetterStore>();
        services.AddSingleton<IPartitionCheckpoints, PartitionCheckpoints>();
        services.AddSingleton<IUserStore, UserStore>();
        services.AddSingleton<IAuditLog, AuditLog>();
    }
}
