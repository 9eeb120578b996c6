using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>The entries of one write of an alert: one for the alert, with its events and its acknowledgement, and one for each delivery that changed.</summary>
internal static class AlertEvidence
{
    /// <summary>The entry about the alert, which needs nothing of the transaction that writes it.</summary>
    /// <param name="row">The image of the alert's row.</param>
    public static EvidenceDraft Of(Alert alert, IReadOnlyList<AlertEvent> events, string row) =>
        EvidenceDraft.Of(KindOf(events), alert.AlertId.Stored(), alert.Version, json =>
        {
            EvidenceDocuments.WriteRow(json, "row", row);
            json.WriteStartArray("events");
            foreach (var step in events)
            {
                RecordedRows.WriteEvent(json, step.At.Stored(), step.Kind, step.Revision, step.Detail);
            }

            json.WriteEndArray();
            if (events.Any(step => step.Kind == "acknowledged") && alert.Acknowledgement is { } ack)
            {
                WriteAck(json, ack, Sent(alert, ack.DeliveryId));
            }

            // The next revision has another analysis, and the alert keeps only the last one; a replay needs each.
            if (events.Any(step => step.Kind == "analysed") && alert.Analysis is { } analysis)
            {
                WriteAnalysis(json, analysis, alert.Receipt.AnalysedAt);
            }
        });

    /// <summary>Records a delivery whose row was written. The row is read back, because an update of it does not set all columns.</summary>
    public static async Task RecordDeliveryAsync(DbSession db, Alert alert, string deliveryId)
    {
        var row = await EvidenceDocuments.ImageAsync(db, EvidenceTable.Deliveries, "delivery_id = @DeliveryId", new { DeliveryId = deliveryId });
        db.Record(EvidenceDraft.Of(EvidenceKinds.Delivery, alert.AlertId.Stored(), alert.Version, json =>
        {
            EvidenceDocuments.WriteRow(json, "row", row);
            json.WriteString("payload_sha256", Sent(alert, deliveryId));
        }));
    }

    private static string? Sent(Alert alert, string? deliveryId) => alert.Deliveries.FirstOrDefault(past => past.DeliveryId == deliveryId)?.BodySha256;

    private static void WriteAnalysis(Utf8JsonWriter json, Analysis analysis, DateTimeOffset? at)
    {
        json.WriteStartObject("analysis");
        json.WriteNumber("at", (at ?? default).Stored());
        json.WriteString("source", analysis.Source);
        json.WriteString("text", analysis.Text);
        json.WriteString("json", analysis.Json);
        json.WriteEndObject();
    }

    private static void WriteAck(Utf8JsonWriter json, Acknowledgement ack, string? payload)
    {
        json.WriteStartObject("ack");
        json.WriteString("by", ack.By);
        json.WriteString("on_behalf_of", ack.OnBehalfOf);
        json.WriteString("comment", ack.Comment);
        json.WriteString("disposition", ack.Disposition?.Name());
        json.WriteString("delivery_id", ack.DeliveryId);
        json.WriteNumber("revision", ack.Revision);
        json.WriteString("payload_sha256", payload);
        json.WriteEndObject();
    }

    private static string KindOf(IReadOnlyList<AlertEvent> events) =>
        events.Any(step => step.Kind == "acknowledged") ? EvidenceKinds.Ack
        : events.Any(step => step.Kind == "snoozed") ? EvidenceKinds.Snooze
        : events.Any(step => step.Kind == "assigned") ? EvidenceKinds.Assign
        : EvidenceKinds.Alert;
}
