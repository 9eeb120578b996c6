using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>One alert with its history.</summary>
public sealed class GetAlert(LiveFigures live, IAlertQueries alerts) : IUseCase<string, AlertHistoryAnswer>
{
    public const string Tool = "get_alert";

    /// <summary>The alert's id.</summary>
    public static readonly UseCaseInput<string> Input = new(
        Tool,
        [new("alert_id", ParameterKind.Text, "UUID, from query_alerts", IsRequired: true)], values => values.Demand("alert_id"));

    public async Task<AlertHistoryAnswer> AskAsync(string alertId, CallContext context, CancellationToken cancellationToken)
    {
        var (alert, history) = await FindAsync(alerts, alertId, context.Caller, cancellationToken);
        var asking = live.SummaryIfAvailableAsync(alert.Desk, cancellationToken);
        var feed = await live.FeedAsync(alert.Desk, cancellationToken);
        // An alert is stored apart from its desk, so it can be answered while the desk is unavailable.
        var desk = await asking;
        var view = context.Caller.AlertView;
        return new AlertHistoryAnswer(
            context,
            desk is null ? LiveFigures.With(feed, [new DeskDoubt(alert.Desk, "unavailable, the figure of now is not in this answer")]) : LiveFigures.FeedOf(desk, feed))
        {
            Alert = desk is null ? new AlertAnswer(alert, view, null) : LiveFigures.AlertOf(desk, alert, view),
            History = [.. history.Select(happened => HistoryAnswer.Of(happened, view))],
            Withheld = [.. AlertAnswer.Withheld(view, "alert"), .. HistoryAnswer.Withheld(view)],
        };
    }

    /// <summary>Looks an alert up. One of a desk that the caller may not see does not exist for that caller.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static async Task<(Alert Alert, IReadOnlyList<AlertEvent> History)> FindAsync(
        IAlertQueries alerts, string alertId, Caller caller, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(alertId, "D", out var id))
        {
            throw RequestException.Invalid("alert_id", $"'{alertId}' is no alert id; they look like 7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11");
        }

        return await alerts.FindAsync(id, caller.Desks, cancellationToken) is { } found && caller.MaySee(found.Alert.Desk)
            ? found
            : throw new RequestException(RequestError.NotFound, $"there is no alert {id:D}; query_alerts (GET /api/v1/alerts) lists those there are");
    }
}
