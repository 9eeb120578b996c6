using System.Runtime.CompilerServices;

namespace RiskMonitor.Conformance.Tests;

/// <summary>Skipped, with the reason, where the conformance suite could not be installed.</summary>
internal sealed class FactWithNodeAttribute : FactAttribute
{
    public FactWithNodeAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = NodeProgram.Lacking;
}

/// <inheritdoc cref="FactWithNodeAttribute"/>
internal sealed class TheoryWithNodeAttribute : TheoryAttribute
{
    public TheoryWithNodeAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = NodeProgram.Lacking;
}
