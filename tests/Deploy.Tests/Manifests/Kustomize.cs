using System.Collections.Concurrent;
using System.Diagnostics;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>Builds folders of <c>deploy/k8s</c> as an operator does, each once.</summary>
internal static class Kustomize
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_built = new(StringComparer.Ordinal);

    /// <param name="folder">Below the root of the repository.</param>
    public static Task<string> BuildAsync(string folder) => s_built.GetOrAdd(folder, _ => new(() => RunAsync("kubectl", ["kustomize", Path.Combine(ComposeFile.Root, folder)]))).Value;

    /// <summary>Several folders, as they are applied to one namespace.</summary>
    public static async Task<string> BuildAsync(params string[] folders) => string.Join("\n---\n", await Task.WhenAll(folders.Select(folder => BuildAsync(folder))));

    /// <summary>The output of a program that has to succeed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = ComposeFile.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = ChildProcess.Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {output}{await errors}");
    }
}
