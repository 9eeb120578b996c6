using System.Diagnostics;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>A stretch of work from <see cref="Begin"/> on: how many events a second, and what was allocated for each.</summary>
internal readonly struct Stretch
{
    private readonly long _began;
    private readonly long _allocated;

    private Stretch(long began, long allocated)
    {
        _began = began;
        _allocated = allocated;
    }

    public static Stretch Begin() => new(Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));

    public IReadOnlyList<Reading> End(string events, long count)
    {
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocated;
        return [new Reading($"{events}/s", count / seconds), new Reading($"B allocated/{events[..^1]}", (double)allocated / count)];
    }
}
