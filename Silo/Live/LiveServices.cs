using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Silo.Live;

/// <summary>Live updates from silos to frontends, by a stream in memory.</summary>
public static class LiveServices
{
    private const int Queues = 1;

    /// <summary>This silo publishes what changes on it.</summary>
    public static ISiloBuilder PublishLiveUpdates(this ISiloBuilder silo)
    {
        silo.AddMemoryStreams(LiveStream.Provider, streams => streams.ConfigurePartitioning(Queues));
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.Services.AddSingleton<LivePublisher>();
        silo.Services.AddSingleton<IRiskObserver>(provider => provider.GetRequiredService<LivePublisher>());
        silo.Services.AddHostedService(provider => provider.GetRequiredService<LivePublisher>());
        return silo;
    }

    /// <summary>This client can receive live updates; <see cref="ReceiveLiveUpdates"/> says what does.</summary>
    public static IClientBuilder CarryLiveUpdates(this IClientBuilder client) => client.AddMemoryStreams(LiveStream.Provider, streams => streams.ConfigurePartitioning(Queues));

    /// <summary>Hands what changes on any silo to a frontend, from the start on.</summary>
    public static IServiceCollection ReceiveLiveUpdates(this IServiceCollection services, Func<IServiceProvider, Action<LiveUpdate>> receive) =>
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<LiveSubscriber>(provider, receive(provider)));
}
