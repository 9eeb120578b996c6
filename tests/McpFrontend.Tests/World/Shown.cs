using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>
/// What an answer shows of the book: its JSON without times and ids, which are other ones at each run and may hold any few letters or digits by chance
/// ("T2" stands in every time of an evening).
/// </summary>
internal static partial class Shown
{
    private static readonly System.Text.Json.JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string In(JsonNode answer) => In(answer.ToJsonString(s_plain));

    public static string In(string text) => Ids().Replace(Times().Replace(text, "<time>"), "<id>");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Times();

    [GeneratedRegex(@"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex Ids();
}
