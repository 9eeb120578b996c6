using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// An alert as JSON, the same field names in the webhook, the API and the topic. Money is a string with four decimals, times are RFC 3339 in UTC.
/// </summary>
public static partial class AlertDocument
{
    /// <summary>The alert for a reader, as properties of the object that the writer is in.</summary>
    /// <param name="currentValue">The desk's figure now; null where unknown.</param>
    public static void Write(Utf8JsonWriter json, Alert alert, AlertView view, decimal? currentValue)
    {
        WriteBreach(json, alert, view);
        WriteState(json, alert, currentValue);
        json.WriteString("delivery_id", alert.Notice?.DeliveryId);
        // The error quotes the answer of the receiver, which may quote the message with all its drivers.
        json.WriteString("last_delivery_error", view.Drivers ? alert.Notice?.LastError : null);
        WriteTime(json, "next_attempt_at", alert.NextAttemptAt);
        WriteDeliveries(json, alert, view);
        json.WriteString("on_behalf_of", alert.Acknowledgement?.OnBehalfOf);
        json.WriteString("ack_comment", view.Comments ? alert.Acknowledgement?.Comment : null);
        WriteReceipt(json, alert, withDelivery: true);
    }

    /// <summary>The alert in a list: without cause, drivers, the details of its deliveries and the latency receipt.</summary>
    public static void WriteRow(Utf8JsonWriter json, Alert alert, decimal? currentValue)
    {
        WriteSummary(json, alert);
        WriteState(json, alert, currentValue);
    }

    /// <summary>Money, deltas and quantities: a string with four decimals, rounded half away from zero where a figure has more.</summary>
    public static string Money(decimal amount) => Math.Round(amount, 4, MidpointRounding.AwayFromZero).ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>RFC 3339, UTC, milliseconds.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The fields that <see cref="AlertView.Aggregates"/> leaves out.</summary>
    public static IReadOnlyList<string> WithheldFields { get; } =
        ["cause.position_id", "analysis_json", "ack_comment", "last_delivery_error", "deliveries.last_error", "deliveries.answer"];

    private static void WriteBreach(Utf8JsonWriter json, Alert alert, AlertView view)
    {
        WriteSummary(json, alert);
        var episode = alert.Episode;
        json.WriteString("trace_id", alert.TraceId);
        json.WriteNumber("episode", episode.Number);
        json.WriteString("opened_value", Money(episode.OpenedValue));
        json.WriteString("peak_at", Time(episode.PeakAt));
        json.WriteString("cure_reason", episode.CureReason switch
        {
            null => null,
            CureReason.Figure => "figure",
            CureReason.LimitChanged => "limit_changed",
            _ => "incomplete",
        });
        WriteCause(json, episode.Cause, view);
        json.WriteStartObject("limit");
        json.WriteString("id", episode.Limit.LimitId);
        json.WriteNumber("version", episode.Limit.Version);
        json.WriteEndObject();
        json.WritePropertyName("analysis_json");
        if (alert.Analysis is { } analysis && view.Drivers)
        {
            json.WriteRawValue(analysis.Json);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>The fields of an alert in a list.</summary>
    private static void WriteSummary(Utf8JsonWriter json, Alert alert)
    {
        var episode = alert.Episode;
        json.WriteString("alert_id", alert.AlertId);
        json.WriteString("request_id", alert.RequestId);
        json.WriteString("desk", alert.Desk);
        json.WriteString("metric_name", episode.Key.Metric.Name());
        json.WriteString("horizon", episode.Key.Horizon);
        json.WriteString("limit_profile", episode.Key.Profile);
        json.WriteString("unit", episode.Unit);
        json.WriteString("metric_value", Money(episode.Value));
        json.WriteString("threshold_value", Money(episode.Threshold));
        json.WriteString("breach_amount", Money(Math.Abs(episode.Value) - episode.Threshold));
        json.WriteString("peak_value", Money(episode.PeakValue));
        json.WriteString("severity", episode.Severity.Name());
        json.WriteNumber("revision", episode.Revision);
        json.WriteString("status", alert.Status.Name());
        json.WriteString("breach_state", episode.IsOpen ? "open" : "cured");
        json.WriteString("opened_at", Time(episode.OpenedAt));
        WriteTime(json, "cured_at", episode.CuredAt);
        json.WriteBoolean("transient", episode.Transient);
        json.WriteString("message", Sentence(alert));
        json.WriteString("feed_state", alert.Report.Feed.Name());
        json.WriteNumber("missing_delta_count", alert.Report.Context.Totals.Missing);
        json.WriteString("analysis_text", alert.Analysis?.Text);
        json.WriteString("analysis_source", alert.Analysis?.Source);
    }

    /// <summary>Its current state.</summary>
    private static void WriteState(Utf8JsonWriter json, Alert alert, decimal? currentValue)
    {
        json.WriteString("current_value", currentValue is { } current ? Money(current) : null);
        json.WriteNumber("delivery_attempts", alert.Notice?.Attempts ?? 0);
        WriteTime(json, "delivered_at", alert.Notice?.DeliveredAt);
        json.WriteString("acked_by", alert.Acknowledgement?.By);
        json.WriteString("disposition", alert.Acknowledgement?.Disposition?.Name());
        WriteTime(json, "consumed_at", alert.Acknowledgement?.At);
        WriteHandling(json, "snooze", null, alert.Snooze?.By, alert.Snooze?.Reason, alert.Snooze?.Until);
        WriteHandling(json, "assignment", alert.Assignment?.To, alert.Assignment?.By, alert.Assignment?.Reason, alert.Assignment?.Until);
    }

    /// <summary>The messages of the current revision at each of their endpoints.</summary>
    private static void WriteDeliveries(Utf8JsonWriter json, Alert alert, AlertView view)
    {
        json.WriteStartArray("deliveries");
        foreach (var (message, delivery) in alert.Messages.SelectMany(message => message.Deliveries, (message, delivery) => (message, delivery)))
        {
            json.WriteStartObject();
            json.WriteString("delivery_id", delivery.DeliveryId);
            json.WriteString("endpoint", delivery.Endpoint);
            json.WriteString("type", message.Kind.TypeName());
            json.WriteBoolean("required", delivery.Required);
            json.WriteString("state", delivery.State.Name());
            json.WriteNumber("attempts", delivery.Attempts);
            WriteTime(json, "next_attempt_at", delivery.NextAttemptAt);
            WriteTime(json, "delivered_at", delivery.DeliveredAt);
            WriteNumber(json, "last_status", delivery.LastStatus);
            WriteNumber(json, "latency_ms", (decimal?)delivery.LatencyMs);
            // Both quote the receiver, who may quote the message with all its drivers.
            json.WriteString("last_error", view.Drivers ? delivery.LastError : null);
            json.WriteString("answer", view.Drivers ? delivery.LastAnswer : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A number, or null.</summary>
    internal static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteHandling(Utf8JsonWriter json, string name, string? to, string? by, string? reason, DateTimeOffset? until)
    {
        if (until is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        if (to is not null)
        {
            json.WriteString("to", to);
        }

        json.WriteString("by", by);
        json.WriteString("reason", reason);
        json.WriteString("until", Time(until.Value));
        json.WriteEndObject();
    }

    private static void WriteCause(Utf8JsonWriter json, BreachCause cause, AlertView view)
    {
        json.WriteStartObject("cause");
        json.WriteString("kind", cause.Kind switch
        {
            CauseKind.Position => "position",
            CauseKind.Limit => "limit",
            _ => "snapshot",
        });
        if (cause.Delivery is { } delivery)
        {
            json.WriteString("topic", delivery.Topic);
            json.WriteNumber("partition", delivery.Partition);
            json.WriteNumber("offset", delivery.Offset);
        }

        if (view.Drivers)
        {
            json.WriteString("position_id", cause.PositionId);
        }

        json.WriteString("source_position", cause.Source?.ToString());
        json.WriteString("transaction_id", cause.TransactionId);
        json.WriteEndObject();
    }

    private static void WriteReceipt(Utf8JsonWriter json, Alert alert, bool withDelivery)
    {
        var receipt = alert.Receipt;
        json.WriteStartObject("latency");
        WriteStation(json, "committed_at", receipt.Committed?.CommittedAt, "source", receipt.Committed is { CommittedToSecond: true } ? "1s" : "1ms");
        WriteStation(json, "connector_at", receipt.Committed?.ConnectorAt, "connector", "1ms");
        WriteStation(json, "ingested_at", receipt.IngestedAt, "monitor", "1ms");
        WriteStation(json, "detected_at", receipt.DetectedAt, "monitor", "1ms");
        WriteStation(json, "analysed_at", receipt.AnalysedAt, "monitor", "1ms");
        if (withDelivery)
        {
            WriteStation(json, "first_attempt_at", receipt.FirstAttemptAt, "monitor", "1ms");
            WriteStation(json, "delivered_at", receipt.DeliveredAt, "monitor", "1ms");
        }

        json.WriteEndObject();
    }

    private static void WriteStation(Utf8JsonWriter json, string name, DateTimeOffset? at, string clock, string resolution)
    {
        if (at is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("at", Time(at.Value));
        json.WriteString("clock", clock);
        json.WriteString("resolution", resolution);
        json.WriteEndObject();
    }

    /// <summary>The alert in one sentence, with its figures; the field <c>message</c>.</summary>
    public static string Sentence(Alert alert)
    {
        var episode = alert.Episode;
        var state = episode.IsOpen ? "breaches" : "breached (cured since)";
        var figure = episode.Unit == Units.Mixed ? $"the raw sum over several currencies, which is no amount of money, is {Money(episode.Value)}" : $"{Money(episode.Value)} {episode.Unit}";
        return $"{VisibleText.Quoted(alert.Desk)} {state} its {episode.Key.Horizon} {episode.Key.Metric.Name()} limit: "
            + $"{figure} against {Money(episode.Threshold)}, over by {Money(Math.Abs(episode.Value) - episode.Threshold)} ({episode.Severity.Name()})";
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, Time(at.Value));
        }
    }
}

/// <summary>The parts of an alert that a reader may see.</summary>
/// <param name="Drivers">What lies below the desk: positions, traders, securities.</param>
public sealed record AlertView(bool Drivers, bool Comments)
{
    public static readonly AlertView Full = new(true, true);

    /// <summary>Clearance <c>desk</c>: aggregates only.</summary>
    public static readonly AlertView Aggregates = new(false, false);
}
