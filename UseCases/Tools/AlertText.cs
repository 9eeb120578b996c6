using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>An alert in one line.</summary>
public static class AlertText
{
    public static string Line(AlertAnswer answer)
    {
        var (alert, episode) = (answer.Alert, answer.Alert.Episode);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"- {episode.Severity.Name()} {AnswerText.Quoted(alert.Desk)} {episode.Key.Metric.Name()} {FigureText.Amount(episode.Value, episode.Unit)} "
            + $"against {FigureText.Amount(episode.Threshold, episode.Unit)}, {(episode.IsOpen ? "open" : "cured")}, {alert.Status.Name()}, "
            + $"opened {AnswerText.Time(episode.OpenedAt)}, alert {alert.AlertId:D}");
    }
}
