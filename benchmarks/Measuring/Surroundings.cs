using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>What figures depend on besides the program.</summary>
internal static class Surroundings
{
    public static string Describe(Effort effort) => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, "
        + $"{(GCSettings.IsServerGC ? "server" : "workstation")} GC, databases in {Path.GetTempPath()}; stand-ins: {StandIns}; {effort.Runs} runs after a warm-up");

    /// <summary>Packages that this build stood in for: what runs on them says nothing about the packages.</summary>
    private static string StandIns => typeof(Surroundings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == "RiskMonitor.StandIns")?.Value ?? "none";
}
