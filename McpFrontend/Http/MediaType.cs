using Microsoft.Net.Http.Headers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>What a request says that its body is.</summary>
internal static class MediaType
{
    public const string Json = "application/json";

    private static readonly string[] s_json = [Json, "text/json", "application/json-rpc", "application/jsonrequest"];
    private static readonly string[] s_encodings = ["", "utf-8", "utf8", "us-ascii", "ascii"];

    /// <summary>JSON in UTF-8, by any of its names. RFC 8259 defines no charset; those that mean UTF-8, or a part of it, do no harm.</summary>
    /// <param name="contentType">Null or empty: nothing is said, which clients of few words mean as JSON.</param>
    public static bool IsJson(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType) || contentType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (s_json.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase) || type.Suffix.ToString().Equals("json", StringComparison.OrdinalIgnoreCase))
            && s_encodings.Contains(HeaderUtilities.RemoveQuotes(type.Charset).ToString().Trim(), StringComparer.OrdinalIgnoreCase);
    }
}
