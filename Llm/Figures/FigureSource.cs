using System.Text.Json;

namespace RiskMonitor.Llm.Figures;

/// <summary>A result that a text may take figures from.</summary>
/// <param name="AsOf">For what the result does not date itself.</param>
/// <param name="Desk">The desk that was asked for; null where it was none, or many.</param>
public sealed record FigureSource(JsonElement Result, DateTimeOffset AsOf, string? Desk = null);

/// <summary>Where a figure of the text stands.</summary>
/// <param name="Figure">As written in the text.</param>
/// <param name="Source">Which of the sources, from 0.</param>
/// <param name="Path">JSON Pointer (RFC 6901) within its result.</param>
public sealed record FigureCitation(string Figure, int Source, string Path, DateTimeOffset AsOf);

/// <summary>What a check came to.</summary>
/// <param name="Problem">What cannot be proven; null where everything is.</param>
public sealed record FigureVerdict(IReadOnlyList<FigureCitation> Citations, string? Problem);
