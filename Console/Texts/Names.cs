namespace RiskMonitor.WebConsole.Texts;

/// <summary>Names of the API as they are read.</summary>
public static class Names
{
    /// <summary>The names whose English is not just the name with blanks. All of them are in the tables of the other languages.</summary>
    public static IReadOnlyDictionary<string, string> Special { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["net_delta"] = "Net delta",
        ["gross_delta"] = "Gross delta",
        ["long_delta"] = "Long delta",
        ["short_delta"] = "Short delta",
        ["pending_analysis"] = "Being analysed",
        ["pending_delivery"] = "Being delivered",
        ["delivered"] = "Delivered, not acknowledged",
        ["consumed"] = "Acknowledged",
        ["dead_letter"] = "Undeliverable",
        ["no_limit"] = "No limit",
        ["ok"] = "Within limit",
        ["warning"] = "Near limit",
        ["breach"] = "In breach",
        ["attempt_failed"] = "Attempt failed",
        ["waiver_requested"] = "Waiver requested",
        ["data_error"] = "Data error",
        ["risk_manager"] = "Risk manager",
        ["limit_changed"] = "Limit changed",
        ["committed_at"] = "Committed",
        ["connector_at"] = "Connector",
        ["ingested_at"] = "Ingested",
        ["detected_at"] = "Detected",
        ["analysed_at"] = "Analysed",
        ["first_attempt_at"] = "First attempt",
        ["delivered_at"] = "Delivered",
    };

    public static string Readable(string apiName) => Special.GetValueOrDefault(apiName)
        ?? (apiName.Length == 0 ? "" : char.ToUpperInvariant(apiName[0]) + apiName[1..].ToLowerInvariant().Replace('_', ' '));
}
