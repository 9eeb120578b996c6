using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Parts;

/// <summary>Why a change was refused, for the one who asked for it.</summary>
internal static class Explanation
{
    /// <summary>Of a wrong input the fields and what is wrong with them; else the message, which says what to do.</summary>
    public static string Explained(this RequestException refused) => refused is { Code: RequestError.InvalidInput, Details: { Count: > 0 } details }
        ? string.Join("; ", details.Select(detail => $"{detail.Field} {detail.Problem}"))
        : refused.Message;
}
