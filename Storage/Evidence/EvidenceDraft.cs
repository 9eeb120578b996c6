using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiskMonitor.Storage.Evidence;

/// <summary>What an entry is to say; the writer of the chain gives it its place and hash.</summary>
internal sealed record EvidenceDraft(string Kind, string Subject, long Ordinal, string Document)
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static EvidenceDraft Of(string kind, string subject, long ordinal, Action<Utf8JsonWriter> properties) => new(kind, subject, ordinal, Text(json =>
    {
        json.WriteStartObject();
        properties(json);
        json.WriteEndObject();
    }));

    /// <summary>JSON that is the same on every database.</summary>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
