using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>One silo: the services its grains get, its clocks, its start and its end.</summary>
internal sealed class Silo : ILocalSiloDetails, IDisposable
{
    private readonly Lifecycle _lifecycle = new();
    private readonly ClusterOptions _clusterOptions;
    private ITimer? _collector;
    private Reminders.ReminderService? _reminders;
    private Phase _phase;

    public Silo(
        IServiceProvider services,
        LocalCluster cluster,
        IOptions<ClusterOptions> clusterOptions,
        IOptions<SiloOptions> siloOptions,
        IOptions<EndpointOptions> endpointOptions,
        IOptions<SiloMessagingOptions> messagingOptions,
        IOptions<GrainCollectionOptions> collectionOptions,
        ILoggerFactory loggers)
    {
        Services = services;
        Cluster = cluster;
        _clusterOptions = clusterOptions.Value;
        Name = siloOptions.Value.SiloName ?? $"Silo_{Guid.NewGuid().ToString("N")[..5]}";
        var endpoint = endpointOptions.Value;
        var generation = SiloAddress.AllocateNewGeneration();
        Address = SiloAddress.New(endpoint.AdvertisedIPAddress ?? IPAddress.Loopback, endpoint.SiloPort, generation);
        GatewayAddress = SiloAddress.New(endpoint.AdvertisedIPAddress ?? IPAddress.Loopback, endpoint.GatewayPort, generation);
        Collection = collectionOptions.Value;
        Log = new SiloLog(loggers.CreateLogger("Orleans.Runtime"));
        GrainClock = Clock(TimeProviderNames.Grains);
        ActivationClock = Clock(TimeProviderNames.ActivationManagement);
        Client = new RuntimeClient(cluster, this, messagingOptions.Value, services.GetService<ActivityPropagation>() is not null);
        Factory = new GrainFactory(Client, services);
    }

    private enum Phase
    {
        Created,
        Starting,
        Active,
        Stopping,
        Stopped,
        Dead,
    }

    public string Name { get; }

    public string ClusterId => _clusterOptions.ClusterId;

    public string DnsHostName { get; } = Dns.GetHostName();

    public SiloAddress SiloAddress => Address;

    public SiloAddress GatewayAddress { get; }

    internal SiloAddress Address { get; }

    internal IServiceProvider Services { get; }

    internal LocalCluster Cluster { get; }

    internal RuntimeClient Client { get; }

    internal GrainFactory Factory { get; }

    internal GrainCollectionOptions Collection { get; }

    internal TimeProvider GrainClock { get; }

    internal TimeProvider ActivationClock { get; }

    internal SiloLog Log { get; }

    internal bool TakesActivations => _phase is Phase.Starting or Phase.Active;

    internal bool IsDead => _phase == Phase.Dead;

    private IEnumerable<Activation> Activations => Cluster.Activations.Where(a => a.Silo == this);

    public void Dispose() => Client.Dispose();

    internal TimeProvider Clock(string area) =>
        Services.GetKeyedService<TimeProvider>(area) ?? Services.GetService<TimeProvider>() ?? TimeProvider.System;

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var validator in Services.GetServices<IConfigurationValidator>())
        {
            validator.ValidateConfiguration();
        }

        foreach (var participant in Services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(_lifecycle);
        }

        _lifecycle.Subscribe("Silo", ServiceLifecycleStage.BecomeActive, _ => Become(Phase.Active), StopGrainsAsync);
        _reminders = Services.GetService<Reminders.ReminderService>();
        _phase = Phase.Starting;
        Cluster.Join(this);
        await _lifecycle.StartAsync(cancellationToken);
        StartCollector();
        Log.Started(Name, Address);
    }

    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase is Phase.Created or Phase.Dead or Phase.Stopped)
        {
            return;
        }

        await _lifecycle.StopAsync(exception => Log.StopFailed(exception), cancellationToken);
        End(Phase.Stopped);
    }

    /// <summary>Ends the silo as a crash would.</summary>
    internal void Kill() => End(Phase.Dead);

    internal void Begin(Activation activation)
    {
        if (TakesActivations)
        {
            activation.Begin();
        }
        else
        {
            // It stopped between the choice and now; the request goes to another silo.
            activation.Abandon();
        }
    }

    private Task Become(Phase phase)
    {
        _phase = phase;
        return Task.CompletedTask;
    }

    private void StartCollector()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _collector = ActivationClock.CreateTimer(_ => CollectIdle(), null, Collection.CollectionQuantum, Collection.CollectionQuantum);
        }
    }

    private void CollectIdle()
    {
        foreach (var activation in Activations)
        {
            activation.CollectIfIdle(Collection);
        }
    }

    // Requests that run may end; new ones go to other silos, if there are any.
    private async Task StopGrainsAsync(CancellationToken cancellationToken)
    {
        _phase = Phase.Stopping;
        var activations = Activations.ToArray();
        foreach (var activation in activations)
        {
            activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "This process is terminating."), cancellationToken);
        }

        await Task.WhenAll(activations.Select(a => a.Deactivated)).WaitAsync(cancellationToken);
    }

    private void End(Phase phase)
    {
        _phase = phase;
        _collector?.Dispose();
        _reminders?.Abandon();
        Client.Dispose();
        Cluster.Leave(this);
        foreach (var activation in Activations)
        {
            activation.Kill();
        }
    }
}
