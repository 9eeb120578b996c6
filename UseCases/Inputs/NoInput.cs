namespace RiskMonitor.UseCases.Inputs;

/// <summary>A question without parameters: it is about everything that the caller may see.</summary>
public sealed record NoInput;
