namespace RiskMonitor.Embedded.Tests.Metrics;

/// <summary>Skipped, with the reason, where there is no promtool program.</summary>
internal sealed class FactWithPromtoolAttribute : FactAttribute
{
    public FactWithPromtoolAttribute()
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "promtool")));
        Skip = isThere ? null : "the promtool program is not installed (Debian package prometheus)";
    }
}
