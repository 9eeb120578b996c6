using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using RiskMonitor.Grains;
using RiskMonitor.Silo.Live;

namespace RiskMonitor.Silo.Clustering;

/// <summary>Makes a process a silo of a cluster, or a client of one.</summary>
public static class ClusterServices
{
    /// <summary>An activation of a desk costs a read of its rows, so desks stay longer than other grains.</summary>
    private const string DeskGrainClass = "RiskMonitor.Grains.Desks.DeskRiskGrain";

    /// <summary>A silo that others reach by its ports.</summary>
    /// <param name="useStorage">Registers where members, grain state and reminders are kept.</param>
    public static void UseClusterSilo(this IHostApplicationBuilder builder, Action<ISiloBuilder> useStorage)
    {
        var options = Read(builder);
        builder.UseOrleans(silo =>
        {
            Configure(silo, options);
            silo.AddRiskMonitor(builder.Configuration);
            silo.Services.AddClusterListRounds();
            useStorage(silo);
            silo.Services.AddSingleton<IFatalErrorHandler>(provider => new DeclaredDead(provider.GetRequiredService<ILogger<DeclaredDead>>(), Console.Error, DeclaredDead.EndProcess));
        });
    }

    /// <summary>A client of the cluster: an ingest or a frontend.</summary>
    /// <param name="repeatsCalls">Grain calls are made again when their silo has gone; an ingest does that itself, with the batches that it has then.</param>
    /// <param name="useStorage">Registers where silos are found.</param>
    public static void UseClusterClient(this IHostApplicationBuilder builder, bool repeatsCalls, Action<IClientBuilder> useStorage)
    {
        var options = Read(builder);
        builder.UseOrleansClient(client =>
        {
            Configure(client, options, repeatsCalls);
            useStorage(client);
        });
    }

    internal static void Configure(ISiloBuilder silo, OrleansOptions options)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<EndpointOptions>(endpoints => ClusterEndpoints.Apply(options, endpoints));
        silo.Configure<ClusterMembershipOptions>(members => Apply(options, members));
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = options.IdleGrain;
            collection.ClassSpecificCollectionAge[DeskGrainClass] = options.IdleDesk;
        });
        BalanceDesks(silo, options);
        silo.AddActivityPropagation();
        if (options.Dashboard)
        {
            silo.AddDashboard(Configure);
        }

        if (options.Tls.IsConfigured)
        {
            silo.UseTls(Load(silo.Services, options.Tls).Configure);
        }

        silo.PublishLiveUpdates();
    }

    /// <summary>Placement decides only where a desk is activated, so without this a silo that was restarted would have no desks until others leave memory.</summary>
    internal static void BalanceDesks(ISiloBuilder silo, OrleansOptions options)
    {
        if (options.BalanceInterval == TimeSpan.Zero)
        {
            return;
        }

#pragma warning disable ORLEANSEXP002 // The rebalancer is marked as an experiment; tests of ours show what it does.
        silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002
        silo.Configure<ActivationRebalancerOptions>(rebalancer => (rebalancer.RebalancerDueTime, rebalancer.SessionCyclePeriod) = (options.BalanceInterval, options.BalanceInterval));
    }

    internal static void Configure(IClientBuilder client, OrleansOptions options, bool repeatsCalls)
    {
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Configure<ClientMessagingOptions>(messages =>
        {
            messages.ResponseTimeout = options.AttemptTimeout;
            messages.ResponseTimeoutWithDebugger = options.AttemptTimeout;
        });
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = options.TableRefresh);
        client.CarryLiveUpdates();
        client.AddActivityPropagation();
        if (repeatsCalls)
        {
            client.AddOutgoingGrainCallFilter<RepeatedCalls>();
        }

        if (options.Dashboard)
        {
            client.AddDashboard(Configure);
        }

        client.UseConnectionRetryFilter<WaitForSilos>();
        if (options.Tls.IsConfigured)
        {
            client.UseTls(Load(client.Services, options.Tls).Configure);
        }

        client.Services.AddMetrics();
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Services.AddSingleton<CallMetrics>();
        client.Services.AddSingleton(new OrleansCallBounds(options.Attempts));
    }

    /// <summary>The certificates of this process, which are read anew while it runs.</summary>
    private static ClusterTls Load(IServiceCollection services, OrleansTlsOptions options)
    {
        var tls = ClusterTls.Load(options);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(tls);
        services.AddSingleton<CertificateMetrics>();
        services.AddHostedService<CertificateReload>();
        return tls;
    }

    /// <summary>The log names desks, which not every operator may see.</summary>
    private static void Configure(DashboardOptions dashboard) => dashboard.HideTrace = true;

    internal static void Apply(OrleansOptions options, ClusterMembershipOptions members)
    {
        members.ProbeTimeout = options.ProbeTimeout;
        members.NumMissedProbesLimit = options.MissedProbes;
        members.NumVotesForDeathDeclaration = options.Votes;
        members.TableRefreshTimeout = options.TableRefresh;
        members.IAmAliveTablePublishTimeout = options.AliveInterval;
        // The table keeps every start of every silo: a day is enough to find out what happened.
        members.DefunctSiloExpiration = TimeSpan.FromDays(1);
        members.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
    }

    private static OrleansOptions Read(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<OrleansOptions>, OrleansOptionsValidator>();
        builder.Services.AddOptions<OrleansOptions>().Bind(builder.Configuration.GetSection(OrleansOptions.Section)).ValidateOnStart();
        var options = builder.Configuration.GetSection(OrleansOptions.Section).Get<OrleansOptions>() ?? new OrleansOptions();
        // Orleans itself is configured while services are registered, so wrong values have to be found here.
        return new OrleansOptionsValidator().Validate(null, options) is { Failed: true } invalid
            ? throw new OptionsValidationException(OrleansOptions.Section, typeof(OrleansOptions), invalid.Failures)
            : options;
    }
}
