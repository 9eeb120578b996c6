using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A desk that the answer would hold and does not: its figures cannot be read, and sums are without it.</summary>
public sealed record UnavailableDeskAnswer(string Desk, string Reason)
{
    public static IReadOnlyList<UnavailableDeskAnswer> Of(IEnumerable<DeskDoubt> missing) => [.. missing.Select(doubt => new UnavailableDeskAnswer(doubt.Desk, doubt.Reason))];
}
