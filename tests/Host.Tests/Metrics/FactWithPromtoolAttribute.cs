using System.Runtime.CompilerServices;

namespace RiskMonitor.Host.Tests.Metrics;

/// <summary>Skipped, with the reason, where there is no promtool program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithPromtoolAttribute : FactAttribute
{
    public FactWithPromtoolAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "promtool")));
        Skip = isThere ? null : "the promtool program is not installed (Debian package prometheus)";
    }
}
