using System.Runtime.CompilerServices;

namespace RiskMonitor.Testing;

/// <summary>A test that needs a program of the system. Skipped, with the reason, where the program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithProgramAttribute : FactAttribute
{
    /// <param name="package">The Debian package that has the program.</param>
    public FactWithProgramAttribute(string program, string package, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = Missing(program, package);
    }

    /// <summary>Why a test cannot run here; null: it can.</summary>
    public static string? Missing(string program, string package)
    {
        var isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
        return isInstalled ? null : $"the {program} program is not installed (Debian package {package})";
    }
}

/// <summary>The same for a test with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryWithProgramAttribute : TheoryAttribute
{
    public TheoryWithProgramAttribute(string program, string package, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = FactWithProgramAttribute.Missing(program, package);
    }
}
