using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.Risk.Alerts;

/// <content>The bodies of messages, for endpoints and for the topic.</content>
public static partial class AlertDocument
{
    private const int MostTextChars = 3_000;

    private static readonly JsonWriterOptions s_writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_nodeOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Standard Webhooks 1.0 recommends bodies below 20 kB, since receivers refuse long ones.</summary>
    public const int MostBodyBytes = 20_000;

    /// <summary>The body of a webhook message (Standard Webhooks 1.0): the alert without delivery fields, with the receipt up to <c>analysed_at</c>.</summary>
    public static string WebhookBody(Alert alert, NotificationKind kind, DateTimeOffset now)
    {
        var body = WebhookBody(alert, kind, now, AlertView.Full);
        if (Encoding.UTF8.GetByteCount(body) < MostBodyBytes)
        {
            return body;
        }

        // Drivers and text can be read in the API; the figures cannot be left out.
        var shortened = alert.Analysis is { Text.Length: > MostTextChars } analysis
            ? alert with { Analysis = analysis with { Text = analysis.Text[..MostTextChars] + "…" } }
            : alert;
        return WebhookBody(shortened, kind, now, AlertView.Aggregates);
    }

    /// <summary>The body of a test message: <c>type</c> is <c>risk.endpoint.test</c>, and <c>data</c> names no alert.</summary>
    public static string TestBody(Guid id, string endpoint, DateTimeOffset now) => Text(json =>
    {
        BeginEnvelope(json, "risk.endpoint.test", now);
        json.WriteStartObject("data");
        json.WriteString("test_id", id);
        json.WriteString("endpoint", endpoint);
        json.WriteString("severity", "INFO");
        json.WriteString("opened_at", Time(now));
        json.WriteString("message", "This is a test message of the risk monitor. Nothing is in breach.");
        EndEnvelope(json);
    });

    /// <summary>The hash by which a body is known in acknowledgements, in the evidence and to a replay, which compare it: hexadecimal, in small letters.</summary>
    public static string Sha256Of(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>The body for an endpoint: where it may not see what lies below the desk, without position and drivers.</summary>
    public static string BodyFor(string body, bool drivers)
    {
        if (drivers || JsonNode.Parse(body) is not JsonObject message || message["data"] is not JsonObject data)
        {
            return body;
        }

        (data["cause"] as JsonObject)?.Remove("position_id");
        data["analysis_json"] = null;
        return message.ToJsonString(s_nodeOptions);
    }

    /// <summary>The value of a message of the topic: the alert as the API shows it to a reader of this clearance.</summary>
    internal static string TopicBody(Alert alert, TopicPlace place, string type, DateTimeOffset at, Clearance clearance)
    {
        var isFull = clearance == Clearance.Trader;
        return TopicEnvelope.Around(type, at, place, clearance, isFull ? [] : WithheldFields, json =>
            Write(json, alert, isFull ? AlertView.Full : AlertView.Aggregates, currentValue: null));
    }

    /// <summary>Begins the object that every message is. What follows, until <see cref="EndEnvelope"/>, begins with other properties of it, and ends inside <c>data</c>.</summary>
    internal static void BeginEnvelope(Utf8JsonWriter json, string type, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("timestamp", Time(at));
        json.WriteString("schema_version", "1");
    }

    internal static void EndEnvelope(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What a writer is given to write, as text.</summary>
    internal static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_writerOptions))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string WebhookBody(Alert alert, NotificationKind kind, DateTimeOffset now, AlertView view) => Text(json =>
    {
        BeginEnvelope(json, kind.TypeName(), now);
        json.WriteStartObject("data");
        WriteBreach(json, alert, view);
        WriteReceipt(json, alert, withDelivery: false);
        EndEnvelope(json);
    });
}
