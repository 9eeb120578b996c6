using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskMonitor.Testing.Clusters;

/// <summary>What the tests ask a frontend.</summary>
internal static class Questions
{
    /// <returns>Null when each desk has its figure.</returns>
    public static async Task<string?> DifferencesAsync(this HostProcess frontend, IReadOnlyDictionary<string, decimal> nets)
    {
        foreach (var (desk, net) in nets)
        {
            var found = await frontend.NetDeltaAsync(desk);
            if (found != net)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{desk} has {found} instead of {net}");
            }
        }

        return null;
    }

    /// <summary>All alerts of a desk, also those that were cured before anybody was told.</summary>
    public static async Task<IReadOnlyList<JsonObject>> AlertsAsync(this HostProcess frontend, string desk)
    {
        var alerts = new List<JsonObject>();
        for (string? cursor = null; ;)
        {
            var page = await frontend.GetAsync($"api/v1/alerts?page_size=500&include_transient=true&desk={Uri.EscapeDataString(desk)}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            alerts.AddRange(page["alerts"]!.AsArray().Select(alert => alert!.AsObject()));
            cursor = (string?)page["next_cursor"];
            if (cursor is null)
            {
                return alerts;
            }
        }
    }
}
