using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace RiskMonitor.Silo;

/// <summary>Sweeps for the whole cluster while it is active. There is one, with the key <see cref="Key"/>, so that one silo sweeps and not each.</summary>
[Alias("RiskMonitor.ISweepGrain")]
internal interface ISweepGrain : IGrainWithStringKey
{
    const string Key = "sweep";

    /// <summary>Activates the sweep, wherever in the cluster, or keeps it active. Does not wait for a sweep that runs.</summary>
    /// <param name="takeUpAll">Whether the next sweep takes up everything unfinished, however new: the calling silo has just started.</param>
    /// <returns>The silo that sweeps.</returns>
    [AlwaysInterleave]
    [Alias("Keep")]
    Task<SiloAddress> KeepAsync(bool takeUpAll);
}
