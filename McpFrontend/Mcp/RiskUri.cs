namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>The addresses of resources. A desk's name is percent-encoded: it may hold slashes and any other character.</summary>
internal static class RiskUri
{
    public const string Desks = "risk://desks";
    public const string LimitsTemplate = "risk://desks/{desk}/limits";
    public const string ExposureTemplate = "risk://desks/{desk}/exposure";
    public const string AlertTemplate = "risk://alerts/{id}";

    private const string DeskPrefix = Desks + "/";
    private const string LimitsSuffix = "/limits";
    private const string ExposureSuffix = "/exposure";
    private const string AlertPrefix = "risk://alerts/";

    public static string Exposure(string desk) => $"{DeskPrefix}{Uri.EscapeDataString(desk)}{ExposureSuffix}";

    public static string Alert(Guid alertId) => $"{AlertPrefix}{alertId:D}";

    /// <returns>The desk whose limits these are; null where the address is another.</returns>
    public static string? DeskOfLimits(string uri) => DeskOf(uri, LimitsSuffix);

    /// <returns>The desk whose exposure this is; null where the address is another.</returns>
    public static string? DeskOfExposure(string uri) => DeskOf(uri, ExposureSuffix);

    /// <returns>Null where the address is another.</returns>
    public static string? AlertId(string uri) => uri.StartsWith(AlertPrefix, StringComparison.Ordinal) ? uri[AlertPrefix.Length..] : null;

    private static string? DeskOf(string uri, string suffix) =>
        uri.StartsWith(DeskPrefix, StringComparison.Ordinal) && uri.EndsWith(suffix, StringComparison.Ordinal) && uri.Length > DeskPrefix.Length + suffix.Length
            ? Uri.UnescapeDataString(uri[DeskPrefix.Length..^suffix.Length])
            : null;
}
