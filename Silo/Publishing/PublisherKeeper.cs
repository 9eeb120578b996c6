using Microsoft.Extensions.Logging;
using Orleans;

namespace RiskMonitor.Silo.Publishing;

/// <summary>Keeps the cluster's one publisher of the topic of alerts active.</summary>
internal sealed class PublisherKeeper(IGrainFactory grains, PublisherOptions options, TimeProvider clock, ILogger<PublisherKeeper> logger)
    : GrainKeeper("publisher of the topic of alerts", options.KeepInterval, clock, logger)
{
    protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IPublisherGrain>(IPublisherGrain.Key).KeepAsync().WaitAsync(cancellationToken);
}
