using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Notices;

/// <summary>The body of a message with notices of one event.</summary>
internal static class NoticeDocument
{
    /// <summary>Standard Webhooks asks for less than 20 kB; the rest of the body is small.</summary>
    private const int MostBytes = 16_000;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="first">The first notices. The body has each of them while there is room, and the rest only in the count.</param>
    /// <param name="count">How many there are.</param>
    public static string Body(IReadOnlyList<Notice> first, int count, string instance, DateTimeOffset now)
    {
        var notices = new JsonArray();
        var bytes = 0;
        foreach (var notice in first)
        {
            var row = Row(notice);
            bytes += Encoding.UTF8.GetByteCount(row.ToJsonString(s_plain));
            if (notices.Count > 0 && bytes > MostBytes)
            {
                break;
            }

            notices.Add(row);
        }

        var kind = first[0];
        return new JsonObject
        {
            ["type"] = $"risk.notice.{kind.Event}",
            ["timestamp"] = AlertDocument.Time(now),
            ["schema_version"] = "1",
            ["data"] = new JsonObject
            {
                ["event"] = kind.Event,
                ["event_id"] = kind.EventId,
                ["level"] = kind.Level.ToString().ToLowerInvariant(),
                ["instance"] = instance,
                ["count"] = count,
                ["notices"] = notices,
            },
        }.ToJsonString(s_plain);
    }

    private static JsonObject Row(Notice notice)
    {
        var about = new JsonObject();
        foreach (var (name, value) in notice.About)
        {
            about[name] = value;
        }

        return new JsonObject { ["at"] = AlertDocument.Time(notice.At), ["message"] = notice.Message, ["about"] = about };
    }
}
