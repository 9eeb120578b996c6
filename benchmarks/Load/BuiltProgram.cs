using System.Reflection;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Programs that the build put where the benchmarks find them.</summary>
internal static class BuiltProgram
{
    public static string Product => Path("RiskMonitor.Program");

    /// <summary>An MCP server whose tools do next to nothing.</summary>
    public static string FixtureHost => Path("RiskMonitor.FixtureHost");

    private static string Path(string key) =>
        typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
