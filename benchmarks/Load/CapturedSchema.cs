using System.IO.Compression;
using System.Text.Json;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The schema that a connector puts around each message, as captured: several kilobytes, always the same.</summary>
internal static class CapturedSchema
{
    /// <summary>A captured message up to the value of <c>payload</c>.</summary>
    public static string Opening()
    {
        const string BeforePayload = "\"payload\":";
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Captured", "envelope-schema-precise.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.GetProperty("payload").GetString() is { } value
                && value.IndexOf(BeforePayload + "{\"before\"", StringComparison.Ordinal) is >= 0 and var at)
            {
                return value[..(at + BeforePayload.Length)];
            }
        }

        throw new InvalidOperationException("the captured file holds no wrapped envelope");
    }
}
