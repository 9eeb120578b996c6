namespace RiskMonitor.UseCases.Answers;

/// <summary>The stored states from which a list about the past was computed.</summary>
/// <param name="AsOf">The instant that was asked for.</param>
/// <param name="Exact">Every desk is exact to the change; else some are the last state kept before.</param>
/// <param name="NotKept">Desks of which nothing is kept that early: they are missing.</param>
public sealed record PastBasis(DateTimeOffset AsOf, bool Exact, IReadOnlyList<string> NotKept);
