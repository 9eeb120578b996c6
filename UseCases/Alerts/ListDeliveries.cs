using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>The delivery log, newest first.</summary>
public sealed class ListDeliveries(LiveFigures live, IDeliveryLog log) : IUseCase<ListDeliveriesInput, DeliveriesAnswer>
{
    public const string Tool = "list_deliveries";

    public static readonly IReadOnlyList<string> States = [.. AlertNames.DeliveryStates.Select(state => state.Name())];

    public static readonly UseCaseInput<ListDeliveriesInput> Input = new(
        Tool,
        [
            new("alert_id", ParameterKind.Text, "of one alert"),
            new("endpoint", ParameterKind.Text, "to one endpoint, by its name"),
            new("state", ParameterKind.Text, "", Allowed: States),
            CommonParameters.PageSize,
            CommonParameters.Cursor,
        ],
        values => new ListDeliveriesInput(values.Text("alert_id"), values.Text("endpoint"), values.Text("state"), values.Whole("page_size"), values.Text("cursor")));

    public async Task<DeliveriesAnswer> AskAsync(ListDeliveriesInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var state = check.Choice("state", input.State, States, AlertNames.ParseDeliveryState);
        Guid? alertId = null;
        if (input.AlertId is { } text)
        {
            if (Guid.TryParseExact(text, "D", out var id))
            {
                alertId = id;
            }
            else
            {
                check.Refuse("alert_id", $"'{text}' is no alert id; they look like 7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11");
            }
        }

        var pageSize = check.PageSize(input.PageSize);
        check.Done();
        var cursor = new Cursor(Tool, input.AlertId, input.Endpoint, input.State);
        var after = AfterOf(cursor.Read(input.Cursor, parts: 2));
        var page = await log.ListAsync(new DeliveryFilter(alertId, input.Endpoint, state, context.Caller.Desks), after, pageSize, cancellationToken);
        var seesAnswers = context.Caller.AlertView.Drivers;
        return new DeliveriesAnswer(
            context,
            await live.FeedAsync(null, cancellationToken),
            page.Total,
            page.Deliveries.Count,
            page.Next is { } next ? cursor.After(next.CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), next.DeliveryId) : null)
        {
            Deliveries = [.. page.Deliveries.Select(row => AnswerOf(row, seesAnswers))],
            Withheld = seesAnswers ? [] : ["deliveries.last_error", "deliveries.answer"],
            Hint = page.Total > 0 ? null : "no delivery matches these filters; leave one out, or see whether an alert was raised at all (GET /api/v1/alerts)",
        };
    }

    /// <summary>Receivers may quote the message with all its drivers.</summary>
    private static DeliveryAnswer AnswerOf(LoggedDelivery row, bool seesAnswers) => new(
        row.DeliveryId,
        row.AlertId,
        row.Desk,
        row.Endpoint,
        row.Kind,
        row.Revision,
        row.Required,
        row.State,
        row.Attempts,
        row.NextAttemptAt,
        row.CreatedAt,
        row.ChangedAt,
        row.DeliveredAt,
        row.LastStatus,
        row.LatencyMs,
        seesAnswers ? row.LastError : null,
        seesAnswers ? row.Answer : null);

    private static DeliveryCursor? AfterOf(string[]? key) => key is null ? null
        : long.TryParse(key[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DeliveryCursor(new DateTimeOffset(ticks, TimeSpan.Zero), key[1])
            : throw Cursor.Wrong();
}

public sealed record ListDeliveriesInput(string? AlertId, string? Endpoint, string? State, int? PageSize, string? Cursor);
