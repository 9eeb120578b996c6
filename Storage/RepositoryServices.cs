using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Access;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.Feeds;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Limits;
using RiskMonitor.Storage.Topics;

namespace RiskMonitor.Storage;

/// <summary>Registers what is the same for every database, over its <see cref="IDatabase"/>, <see cref="IJournalTables"/> and <see cref="IAlertNumbers"/>.</summary>
internal static class RepositoryServices
{
    /// <summary>The database itself, which a host opens before anything else starts, and all repositories.</summary>
    public static void AddStorage<TStorage, TOptions, TValidator>(this IServiceCollection services, Action<TOptions> configure)
        where TStorage : class, IStorage
        where TOptions : StorageOptions
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Configure(configure).Configure<IServiceProvider>(
            (options, provider) => options.EvidenceKeys = provider.GetService<EvidenceKeys>() ?? options.EvidenceKeys).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        services.AddSingleton<StorageOptions>(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TStorage>();
        services.AddSingleton(provider => provider.GetRequiredService<TStorage>().Health);
        services.AddSingleton<IHostedService>(provider => new StorageStartup(provider.GetRequiredService<TStorage>()));
        services.AddHostedService<EvidenceKeeper>();
        services.AddRepositories();
    }

    private static void AddRepositories(this IServiceCollection services)
    {
        services.AddSingleton<DeskJournal>();
        services.AddSingleton<IDeskJournal>(provider => provider.GetRequiredService<DeskJournal>());
        services.AddSingleton<IDeskJournalReader>(provider => provider.GetRequiredService<DeskJournal>());
        services.AddSingleton<IDeskRepair, DeskRepair>();
        services.AddSingleton<IDeskHoldings, DeskHoldings>();
        services.AddSingleton<IDeskHistory, DeskHistory>();
        services.AddSingleton<IJournalRetention, JournalRetention>();
        services.AddSingleton<IPositionDirectory, PositionDirectory>();
        services.AddSingleton<IAlertStore, AlertStore>();
        services.AddSingleton<IAlertQueries, AlertQueries>();
        services.AddSingleton<IDeskChanges, DeskChanges>();
        services.AddSingleton<IDeliveryLog, DeliveryLog>();
        services.AddSingleton<IEndpointStore, EndpointStore>();
        services.AddSingleton<IAlertGroupStore, AlertGroupStore>();
        services.AddSingleton<ILimitStore, LimitStore>();
        services.AddSingleton<IDeadLetterStore, DeadLetterStore>();
        services.AddSingleton<IPartitionCheckpoints, PartitionCheckpoints>();
        services.AddSingleton<ITopicOutbox, TopicOutbox>();
        services.AddSingleton<IUserStore, UserStore>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<IEvidenceLog, EvidenceLog>();
        services.AddSingleton<IJournalReplay, JournalReplay>();
        services.AddSingleton<IProtectionKeyStore, ProtectionKeyStore>();
    }
}
