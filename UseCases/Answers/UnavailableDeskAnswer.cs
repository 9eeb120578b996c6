using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A desk that is missing in the answer because its figures cannot be read; sums do not include it.</summary>
public sealed record UnavailableDeskAnswer(string Desk, string Reason)
{
    public static IReadOnlyList<UnavailableDeskAnswer> Of(IEnumerable<DeskDoubt> missing) => [.. missing.Select(doubt => new UnavailableDeskAnswer(doubt.Desk, doubt.Reason))];
}
