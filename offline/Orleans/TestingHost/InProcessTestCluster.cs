using System.Collections.ObjectModel;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Offline;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>Silos and a client in this process, each with a host of its own.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly LocalCluster _cluster = new();
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _clientHost;
    private int _instances;
    private bool _disposed;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    public InProcessTestClusterOptions Options { get; }

    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_silos)
            {
                return _silos.ToList().AsReadOnly();
            }
        }
    }

    public IClusterClient Client => _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The cluster has not been deployed or the client has been stopped.");

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var silos = Silos;
        var handle = silo is null ? silos[Random.Shared.Next(silos.Count)] : GetSiloForAddress(silo);
        return handle?.ServiceProvider ?? throw new ArgumentException($"The provided silo address '{silo}' is unknown.");
    }

    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => Silos.Where(s => s.IsActive);

    public InProcessSiloHandle? GetSiloForAddress(SiloAddress siloAddress) => GetActiveSilos().FirstOrDefault(s => s.SiloAddress.Equals(siloAddress));

    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    /// <summary>Silos here know of each other at once.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await StartSilosAsync(1))[0];

    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync(Interlocked.Increment(ref _instances) - 1));
        }

        return started;
    }

    public async Task StopSiloAsync(InProcessSiloHandle instance) => await EndSiloAsync(instance, stopGracefully: true);

    /// <summary>Ends a silo as a crash would.</summary>
    public async Task KillSiloAsync(InProcessSiloHandle instance) => await EndSiloAsync(instance, stopGracefully: false);

    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        if (instance is null)
        {
            return null;
        }

        await StopSiloAsync(instance);
        return await StartSiloAsync(instance.InstanceNumber);
    }

    public async Task StopSilosAsync()
    {
        foreach (var silo in Silos.Reverse())
        {
            await StopSiloAsync(silo);
        }
    }

    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSilosAsync();
    }

    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync();
        var builder = Host.CreateApplicationBuilder(Settings("TestClusterClient"));
        builder.Services.AddSingleton(_cluster);
        foreach (var configure in Options.ClientHostConfigurationDelegates)
        {
            configure(builder);
        }

        builder.UseOrleansClient(client => client.Configure<ClusterOptions>(Name));
        var host = builder.Build();
        await host.StartAsync();
        _clientHost = host;
    }

    public async Task StopClusterClientAsync()
    {
        if (_clientHost is { } host)
        {
            _clientHost = null;
            await host.StopAsync();
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        _clientHost?.Dispose();
        _clientHost = null;
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private static HostApplicationBuilderSettings Settings(string name) => new()
    {
        ApplicationName = name,
        EnvironmentName = Environments.Development,
        DisableDefaults = true,
    };

    private void Name(ClusterOptions options)
    {
        options.ClusterId = Options.ClusterId;
        options.ServiceId = Options.ServiceId;
    }

    private async Task<InProcessSiloHandle> StartSiloAsync(int instanceNumber)
    {
        var options = InProcessTestSiloSpecificOptions.For(instanceNumber);
        var host = await Task.Run(() => StartHostAsync(options));
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        var handle = new InProcessSiloHandle
        {
            Name = options.SiloName,
            InstanceNumber = (short)instanceNumber,
            SiloHost = host,
            SiloAddress = details.SiloAddress,
            GatewayAddress = details.GatewayAddress,
        };
        lock (_silos)
        {
            _silos.Add(handle);
        }

        return handle;
    }

    private async Task<IHost> StartHostAsync(InProcessTestSiloSpecificOptions options)
    {
        var builder = Host.CreateApplicationBuilder(Settings(options.SiloName));
        builder.Services.AddSingleton(_cluster);
        foreach (var configure in Options.SiloHostConfigurationDelegates)
        {
            configure(options, builder);
        }

        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(Name);
            silo.Configure<SiloOptions>(o => o.SiloName = options.SiloName);
            silo.Configure<EndpointOptions>(o =>
            {
                o.AdvertisedIPAddress = IPAddress.Loopback;
                o.SiloPort = options.SiloPort;
                o.GatewayPort = options.GatewayPort;
            });
            silo.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task EndSiloAsync(InProcessSiloHandle instance, bool stopGracefully)
    {
        if (instance is null)
        {
            return;
        }

        try
        {
            await instance.StopSiloAsync(stopGracefully);
        }
        finally
        {
            await instance.DisposeAsync();
            lock (_silos)
            {
                _silos.Remove(instance);
            }
        }
    }
}
