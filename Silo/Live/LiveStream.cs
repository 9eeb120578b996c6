using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace RiskMonitor.Silo.Live;

/// <summary>The stream by which silos tell frontends what changed: one for the cluster, in memory.</summary>
internal static class LiveStream
{
    public const string Provider = "live";

    public static IAsyncStream<LiveUpdate> Of(IServiceProvider services) =>
        services.GetRequiredKeyedService<IStreamProvider>(Provider).GetStream<LiveUpdate>(StreamId.Create("live", "changes"));
}
