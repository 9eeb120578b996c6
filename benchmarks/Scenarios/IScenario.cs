using RiskMonitor.Benchmarks.Measuring;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>A question about speed, answered by contests.</summary>
internal interface IScenario
{
    /// <summary>As given on the command line.</summary>
    string Name { get; }

    /// <summary>What is measured, in one sentence.</summary>
    string Says { get; }

    /// <summary>Prepares one contest after the other, so that only one holds its data at a time.</summary>
    IAsyncEnumerable<Contest> PrepareAsync(Effort effort);
}
