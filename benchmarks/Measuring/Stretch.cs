using System.Diagnostics;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>A stretch of work from <see cref="Begin"/> on: how many events a second, and what each cost in processor time and allocation.</summary>
internal readonly struct Stretch
{
    private readonly long _began;
    private readonly long _allocated;
    private readonly TimeSpan _processor;

    private Stretch(long began, long allocated, TimeSpan processor)
    {
        _began = began;
        _allocated = allocated;
        _processor = processor;
    }

    public static Stretch Begin() => new(Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);

    public IReadOnlyList<Reading> End(string events, long count)
    {
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var processor = Environment.CpuUsage.TotalTime - _processor;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocated;
        return
        [
            new Reading($"{events}/s", count / seconds),
            new Reading($"µs of a processor/{events[..^1]}", processor.TotalMicroseconds / count),
            new Reading($"B allocated/{events[..^1]}", (double)allocated / count),
        ];
    }
}
