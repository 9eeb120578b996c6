using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>What figures depend on besides the program.</summary>
internal static class Surroundings
{
    public static string Describe(Effort effort) => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, "
        + $"{(GCSettings.IsServerGC ? "server" : "workstation")} GC, databases in {Path.GetTempPath()}; {effort.Runs} runs after a warm-up");
}
