using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;

namespace RiskMonitor.Offline.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task A_service_added_after_the_silo_can_call_grains_when_it_starts_and_when_it_stops()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: 11911, gatewayPort: 30911).AddMemoryGrainStorageAsDefault());
        builder.Services.AddSingleton<Caller>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Caller>());
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        var caller = host.Services.GetRequiredService<Caller>();
        Assert.Equal([1, 2], caller.Answers);
    }

    [Fact]
    public async Task A_startup_task_runs_before_the_host_has_started()
    {
        var ran = 0;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: 11912, gatewayPort: 30912)
            .AddMemoryGrainStorageAsDefault()
            .AddStartupTask(async (services, _) => ran = await services.GetRequiredService<IGrainFactory>().GetGrain<IStateGrain>("startup").AddAsync(save: false)));
        using var host = builder.Build();

        await host.StartAsync();
        Assert.Equal(1, ran);
        await host.StopAsync();
    }

    private sealed class Caller(IGrainFactory grains) : IHostedService
    {
        internal List<int> Answers { get; } = [];

        public async Task StartAsync(CancellationToken cancellationToken) => await CallAsync();

        public async Task StopAsync(CancellationToken cancellationToken) => await CallAsync();

        private async Task CallAsync() => Answers.Add(await grains.GetGrain<IStateGrain>("host").AddAsync(save: false));
    }
}
