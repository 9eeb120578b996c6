using System.Diagnostics;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>What groups of other processes have taken of the processors since <see cref="Begin"/>.</summary>
internal sealed class ProcessorTimes
{
    private readonly IReadOnlyList<(string Group, IReadOnlyList<int> Ids)> _groups;
    private readonly IReadOnlyList<TimeSpan> _before;

    private ProcessorTimes(IReadOnlyList<(string Group, IReadOnlyList<int> Ids)> groups)
    {
        _groups = groups;
        _before = Now();
    }

    public static ProcessorTimes Begin(params IReadOnlyList<(string Group, IReadOnlyList<int> Ids)> groups) => new(groups);

    /// <returns>A reading for each group, in its order.</returns>
    public IReadOnlyList<Reading> End(string unit, long count) =>
        [.. Now().Select((time, i) => new Reading($"µs of a processor/{unit}, {_groups[i].Group}", (time - _before[i]).TotalMicroseconds / count))];

    private IReadOnlyList<TimeSpan> Now() => [.. _groups.Select(group => group.Ids.Aggregate(TimeSpan.Zero, (sum, id) => sum + Of(id)))];

    private static TimeSpan Of(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
