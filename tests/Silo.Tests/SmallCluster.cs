using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Silo.Tests;

/// <summary>Silos and clients in this process that are configured as those of the product, with members kept in memory.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly IPEndPoint _primary = new(IPAddress.Loopback, FreePort());
    private readonly int _gateway = FreePort();

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint Gateway => new(IPAddress.Loopback, _gateway);

    /// <summary>The first silo, on which the members are kept.</summary>
    public Task<IHost> StartSiloAsync(OrleansTlsOptions? tls = null) => StartAsync(builder => builder.UseOrleans(silo =>
    {
        var options = new OrleansOptions { SiloPort = _primary.Port, GatewayPort = _gateway, Tls = tls ?? new OrleansTlsOptions() };
        ClusterServices.Configure(silo, options);
        silo.UseDevelopmentClustering(_primary);
        silo.AddMemoryGrainStorageAsDefault();
    }));

    public Task<IHost> StartClientAsync(OrleansTlsOptions? tls = null, Action<OrleansOptions>? change = null, Action<IServiceCollection>? add = null) => StartAsync(builder =>
    {
        var options = new OrleansOptions { Tls = tls ?? new OrleansTlsOptions() };
        change?.Invoke(options);
        builder.UseOrleansClient(client =>
        {
            ClusterServices.Configure(client, options, repeatsCalls: true);
            client.UseStaticClustering(Gateway);
        });
        add?.Invoke(builder.Services);
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await host.StopAsync(soon.Token);
            host.Dispose();
        }
    }

    private async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
