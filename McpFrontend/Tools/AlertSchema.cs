namespace RiskMonitor.McpFrontend.Tools;

/// <summary>An alert, as a definition of a schema.</summary>
internal static class AlertSchema
{
    /// <summary>What one needs to know of an alert among others.</summary>
    public const string Row = """
        "alert": {
          "type": "object",
          "required": ["alert_id", "desk", "metric_name", "metric_value", "threshold_value", "current_value", "severity", "status", "breach_state", "opened_at", "message"],
          "properties": {
            "severity": {"enum": ["INFO", "WARNING", "CRITICAL"]},
            "status": {"enum": ["pending_analysis", "pending_delivery", "delivered", "consumed", "dead_letter"]},
            "breach_state": {"enum": ["open", "cured"]},
            "metric_value": {"$ref": "#/$defs/money"},
            "threshold_value": {"$ref": "#/$defs/money"},
            "opened_at": {"$ref": "#/$defs/time"},
            "acked_by": {"type": ["string", "null"]}}}
        """;
}
