using System.Collections.Concurrent;

namespace RiskMonitor.Offline.Tests;

/// <summary>How tests and the grains they made speak past the runtime: gates to wait at, things that were seen.</summary>
internal static class Signals
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> s_gates = new();
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> s_seen = new();

    internal static void Open(string gate) => Gate(gate).TrySetResult();

    internal static Task WaitAsync(string gate) => Gate(gate).Task.WaitAsync(Cluster.Deadline);

    internal static void See(string key, string what) => Seen(key).Enqueue(what);

    internal static ConcurrentQueue<string> Seen(string key) => s_seen.GetOrAdd(key, _ => new());

    private static TaskCompletionSource Gate(string gate) => s_gates.GetOrAdd(gate, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
