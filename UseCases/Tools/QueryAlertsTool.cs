using System.Text.Json;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Alerts, newest first, in pages that a model can read: a row is about 1.6 KB, and clients cut off at about 80 KB.</summary>
public sealed class QueryAlertsTool(QueryAlerts useCase) : RiskTool<QueryAlertsInput, AlertsAnswer>(useCase, QueryAlerts.Input, new PageParameters(15, 30))
{
    public override string Title => "Alerts";

    public override string Description =>
        "Limit-breach alerts, newest first; get_alert tells more of one. breach_state=open gives what is open now; status consumed means "
        + "acknowledged by the risk manager, which goes over HTTP only.";

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "alerts": {"type": "array", "items": {"$ref": "#/$defs/alert"}}
        """);

    protected override AlertsAnswer Readable(AlertsAnswer answer) => answer with { Alerts = [.. answer.Alerts.Select(alert => alert with { IsRow = true })] };

    protected override void Write(AlertsAnswer answer, AnswerText text)
    {
        text.Page(answer, "alerts");
        foreach (var alert in answer.Alerts)
        {
            text.Line(AlertText.Line(alert));
        }
    }
}
