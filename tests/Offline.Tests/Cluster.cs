using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace RiskMonitor.Offline.Tests;

/// <summary>Test clusters.</summary>
internal static class Cluster
{
    /// <summary>How long a test waits for something that should happen at once.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    internal static async Task<InProcessTestCluster> StartAsync(Action<ISiloBuilder>? configure = null, short silos = 1, TimeProvider? clock = null, TimeSpan? responseTimeout = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            if (clock is not null)
            {
                // The runtime's own loops keep the machine's time: on a clock that jumps they can spin.
                silo.Services.AddSingleton(clock);
                silo.Services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => TimeProvider.System);
                silo.Services.AddKeyedSingleton("Orleans.Grains", clock);
                silo.Services.AddKeyedSingleton("Orleans.Reminders", clock);
            }

            silo.AddMemoryGrainStorageAsDefault();
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = responseTimeout ?? o.ResponseTimeout);
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = responseTimeout ?? o.ResponseTimeout));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    internal static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    internal static string Key() => Guid.NewGuid().ToString("N");
}
