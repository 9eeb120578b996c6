using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RiskMonitor.Alerting.Tests.Receivers;

/// <summary>A test that needs a Node.js which runs TypeScript: 22.18 or newer, of the system or as the conformance tests install it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithTypeScriptAttribute : FactAttribute
{
    private static readonly Version s_least = new(22, 18);

    public FactWithTypeScriptAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Node is null ? $"no Node.js {s_least} or newer is installed (tests/Conformance.Tests/install brings one)" : null;

    public static string? Node { get; } = Candidates().Where(File.Exists).FirstOrDefault(node => VersionOf(node) >= s_least);

    private static IEnumerable<string> Candidates() =>
    [
        Path.Combine(SampleReceiverTests.Repository(), "tests", "Conformance.Tests", "obj", "npm", "node_modules", ".bin", "node"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "node")),
    ];

    private static Version? VersionOf(string node)
    {
        using var process = Process.Start(new ProcessStartInfo(node, ["--version"]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd().Trim().TrimStart('v');
        return Version.TryParse(text, out var version) ? version : null;
    }
}
