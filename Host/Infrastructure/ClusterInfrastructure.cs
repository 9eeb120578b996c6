using RiskMonitor.CdcIngest;
using RiskMonitor.Host.Roles;
using RiskMonitor.Host.Starting;
using RiskMonitor.Silo.Clustering;
using RiskMonitor.Silo.Live;
using RiskMonitor.Silo.Publishing;
using RiskMonitor.Storage.MySql;
using RiskMonitor.UseCases.Live;

namespace RiskMonitor.Host.Infrastructure;

/// <summary>Processes that share a MySQL, a Kafka and the silos among them.</summary>
internal sealed class ClusterInfrastructure(HostSettings settings, IConfiguration configuration) : IInfrastructure
{
    public string FeedName => configuration[RoleSettings.TopicKey] ?? "";

    public void AddStorage(WebApplicationBuilder builder) => builder.Services.AddMySqlStorage(builder.Configuration.GetSection(MySqlStorageOptions.Section).Bind);

    public void AddSilo(WebApplicationBuilder builder)
    {
        builder.UseClusterSilo(silo => silo.UseMySql());
        if (builder.Services.AddRiskTopic(builder.Configuration, OrleansOptions.ServiceIdIn(configuration)) is { } topic)
        {
            builder.Services.AddRiskPublishing(topic.AlertClearance, new PublisherOptions(topic.AlertInterval, topic.AlertRetention));
        }
    }

    public void AddClient(WebApplicationBuilder builder) =>
        builder.UseClusterClient(repeatsCalls: settings.Role.HasFlag(HostRole.Frontend), client => client.UseMySql());

    public void AddIngest(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(EmbeddedInfrastructure.Decoder(builder.Configuration));
        builder.Services.AddKafkaIngest(builder.Configuration);
    }

    public void AddLiveUpdates(WebApplicationBuilder builder) => builder.Services.ReceiveLiveUpdates(provider =>
    {
        var live = provider.GetRequiredService<LiveChanges>();
        return update => live.OnChanged(update.Desks, update.Alerts);
    });

    /// <summary>Brings the schema up to date, and waits for the database where it is not there yet.</summary>
    public Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<ProcessState>().IsDoing("waiting for MySQL (MySql:ConnectionString)");
        return services.GetRequiredService<MySqlStorage>().InitialiseAsync(cancellationToken);
    }
}
