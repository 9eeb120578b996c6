using Orleans;
using Orleans.Concurrency;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>Answers from whichever silo is asked, for checks whether there is one. It depends on no single grain of the cluster.</summary>
[Alias("RiskMonitor.ISiloProbeGrain")]
public interface ISiloProbeGrain : IGrainWithStringKey
{
    const string Key = "silo";

    [AlwaysInterleave]
    [Alias("Answer")]
    Task AnswerAsync();
}
