using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A trading day as a file of change events, one JSON object a line, as <c>kcat -C -J</c> prints them.</summary>
internal static class CapturedDay
{
    private const string Topic = "trading.trading.positions";

    public static void Write(string path, TradingDay day)
    {
        using var file = new StreamWriter(path);
        var offset = 0;
        foreach (var (before, after) in day.Rows())
        {
            var key = $$"""{"position_id":"{{(before ?? after)!.PositionId}}"}""";
            var payload = MessageForm.Envelope.Payload(before, after, offset);
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"topic":"{{Topic}}","partition":0,"offset":{{offset++}},"tstype":"create","ts":1793606400308,"broker":1,"key":"{{Escaped(key)}}","payload":"{{Escaped(payload)}}"}"""));
        }
    }

    private static JsonEncodedText Escaped(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
