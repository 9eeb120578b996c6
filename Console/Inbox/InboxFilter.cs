using RiskMonitor.UseCases.Alerts;

namespace RiskMonitor.WebConsole.Inbox;

/// <summary>What of the alerts is listed; it stands in the address, so that a list can be kept and sent.</summary>
/// <param name="State">open, cured, or empty for all.</param>
public sealed record InboxFilter(string? State, string? Severity, string? Status, string? Desk)
{
    public const int PageSize = 100;

    /// <summary>The question; a field that is empty asks for nothing.</summary>
    public QueryAlertsInput Input => new(null, Given(Desk), Given(Severity), Given(Status), Given(State), null, null, null, PageSize, null);

    /// <summary>The address of the list, or of one of its alerts.</summary>
    public string Address(Guid? alert)
    {
        var path = alert is { } id ? $"/inbox/{id:D}" : "/inbox";
        (string Name, string? Value)[] fields = [("state", State), ("severity", Severity), ("status", Status), ("desk", Desk)];
        var query = string.Join('&', fields.Where(field => Given(field.Value) is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
