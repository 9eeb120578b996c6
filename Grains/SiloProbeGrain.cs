using Orleans;
using Orleans.Concurrency;
using RiskMonitor.Grains.Interfaces;

namespace RiskMonitor.Grains;

/// <summary>Every silo has its own, so that the death of one silo takes no answer away from those that ask another.</summary>
[GrainType("siloprobe")]
[StatelessWorker(maxLocalWorkers: 1)]
internal sealed class SiloProbeGrain : Grain, ISiloProbeGrain
{
    public Task AnswerAsync() => Task.CompletedTask;
}
