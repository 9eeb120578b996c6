using Microsoft.Extensions.Hosting;

namespace Orleans.Offline;

/// <summary>Starts the silo before the hosted services that were added after it, and stops it after them.</summary>
internal sealed class SiloHostedService(Silo silo) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => silo.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);
}
