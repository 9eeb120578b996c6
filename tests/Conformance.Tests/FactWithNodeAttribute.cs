namespace RiskMonitor.Conformance.Tests;

/// <summary>Skipped, with the reason, where the conformance suite could not be installed.</summary>
internal sealed class FactWithNodeAttribute : FactAttribute
{
    public FactWithNodeAttribute() => Skip = NodeProgram.Lacking;
}

/// <inheritdoc cref="FactWithNodeAttribute"/>
internal sealed class TheoryWithNodeAttribute : TheoryAttribute
{
    public TheoryWithNodeAttribute() => Skip = NodeProgram.Lacking;
}
