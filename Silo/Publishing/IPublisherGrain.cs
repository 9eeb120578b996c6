using Orleans;
using Orleans.Concurrency;

namespace RiskMonitor.Silo.Publishing;

/// <summary>Publishes the topic of alerts for the whole cluster while it is active. There is one, with the key <see cref="Key"/>.</summary>
[Alias("RiskMonitor.IPublisherGrain")]
internal interface IPublisherGrain : IGrainWithStringKey
{
    const string Key = "risk_alerts";

    /// <summary>Activates the publisher, wherever in the cluster, or keeps it active.</summary>
    [AlwaysInterleave]
    [Alias("Keep")]
    Task KeepAsync();
}
