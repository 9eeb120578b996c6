using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace RiskMonitor.Deploy.Tests;

/// <summary>A test that needs <c>kubectl kustomize</c>. Skipped, with the reason, where there is none or it is older than the components that the manifests use.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithKustomizeAttribute : FactAttribute
{
    public FactWithKustomizeAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = KustomizeProgram.Missing;
    }
}

/// <summary>The same for a test with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryWithKustomizeAttribute : TheoryAttribute
{
    public TheoryWithKustomizeAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = KustomizeProgram.Missing;
    }
}

internal static partial class KustomizeProgram
{
    /// <summary>Why manifests cannot be built here; null: they can.</summary>
    public static string? Missing { get; } = Find();

    private static string? Find()
    {
        const string Remedy = "install the Debian package kubernetes-client of Debian 13 or later, or kubectl 1.21 or later";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("kubectl", ["version", "--client", "--output=yaml"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var version = Version().Match(said);
            return version.Success && int.Parse(version.Groups[1].ValueSpan, provider: null) >= 4 ? null : $"kubectl is too old to build components: {Remedy}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"the kubectl program is not installed: {Remedy}";
        }
    }

    [GeneratedRegex(@"kustomizeVersion: v(\d+)")]
    private static partial Regex Version();
}
