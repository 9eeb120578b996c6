using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Figures in the reporting currency, in one line that also says what they lack.</summary>
public static class ReportingText
{
    public static string Line(ReportingAnswer reporting)
    {
        var delta = reporting.Delta is { } net ? $"net delta {AnswerText.Amount(net, reporting.Currency)}" : "no net delta";
        var value = reporting.PresentValue is { } present
            ? $", present value {AnswerText.Amount(present, reporting.Currency)}{(reporting.PresentValueComplete ? "" : " of what has a price")}"
            : "";
        return $"in {reporting.Currency} (market {reporting.State}): {delta}{value}{List("no rate for", reporting.MissingRates)}{List("old rates of", reporting.StaleRates)}";
    }

    private static string List(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" : $"; {what} {string.Join(", ", names)}";
}
