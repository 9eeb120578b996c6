using System.Text.Json;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Alerts, newest first, in pages that a model can read.</summary>
public sealed class QueryAlertsTool(QueryAlerts useCase) : RiskTool<AlertsAnswer>
{
    /// <summary>A row is about 1.6 KB, and clients cut off at about 80 KB.</summary>
    private static readonly PageParameters s_page = new(15, 30);

    public override string Name => QueryAlerts.Tool;

    public override string Title => "Alerts";

    public override string Description =>
        "Limit-breach alerts, newest first; get_alert tells more of one. breach_state=open gives what is open now; status consumed means "
        + "acknowledged by the risk manager, which goes over HTTP only.";

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("request_id", ParameterKind.Text, "of one alert"),
        new("desk", ParameterKind.Text, "exact name"),
        new(LeftOutDesks.Field, ParameterKind.Texts, ""),
        new("severity", ParameterKind.Text, "", Allowed: QueryAlerts.Severities),
        new("status", ParameterKind.Text, "", Allowed: QueryAlerts.Statuses),
        new("breach_state", ParameterKind.Text, "", Allowed: QueryAlerts.BreachStates),
        new("opened_from", ParameterKind.Text, "at or after, RFC 3339 with zone"),
        new("opened_to", ParameterKind.Text, "before"),
        new("include_transient", ParameterKind.Flag, "also breaches that began and ended inside one database transaction"),
        s_page.Size,
        PageParameters.Cursor,
    ];

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "alerts": {"type": "array", "items": {"$ref": "#/$defs/alert"}}
        """);

    protected override async Task<AlertsAnswer> AnswerAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken)
    {
        var input = new QueryAlertsInput(
            arguments.Text("request_id"),
            arguments.Text("desk"),
            arguments.Text("severity"),
            arguments.Text("status"),
            arguments.Text("breach_state"),
            arguments.Text("opened_from"),
            arguments.Text("opened_to"),
            arguments.Flag("include_transient"),
            s_page.Of(arguments),
            arguments.Text("cursor"),
            arguments.Texts(LeftOutDesks.Field));
        var answer = await useCase.AskAsync(input, context, cancellationToken);
        return answer with { Alerts = [.. answer.Alerts.Select(alert => alert with { IsRow = true })] };
    }

    protected override void Write(AlertsAnswer answer, AnswerText text)
    {
        text.Page(answer, "alerts");
        foreach (var alert in answer.Alerts)
        {
            text.Line(AlertText.Line(alert));
        }
    }
}
