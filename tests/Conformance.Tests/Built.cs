using System.Reflection;

namespace RiskMonitor.Conformance.Tests;

/// <summary>Where the build and <c>install</c> put the programs that the tests run.</summary>
internal static class Built
{
    internal static string FixtureHost => Path("RiskMonitor.FixtureHost");

    internal static string Program => Path("RiskMonitor.Program");

    internal static string Npm => Path("RiskMonitor.Npm");

    private static string Path(string key) =>
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
