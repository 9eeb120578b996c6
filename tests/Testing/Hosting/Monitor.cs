using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskMonitor.Testing.Hosting;

/// <summary>What the tests ask a running host.</summary>
internal static class Monitor
{
    public static async Task<decimal> NetDeltaAsync(this HostProcess host, string desk)
    {
        var answer = await host.GetAsync($"api/v1/desks/{Uri.EscapeDataString(desk)}/exposure");
        return decimal.Parse((string)answer["exposure"]!["delta"]!, CultureInfo.InvariantCulture);
    }

    public static async Task<IReadOnlyList<string>> DesksAsync(this HostProcess host) =>
        [.. (await host.GetAsync("api/v1/desks?page_size=500"))["desks"]!.AsArray().Select(desk => (string)desk!["desk"]!)];

    public static async Task<IReadOnlyList<JsonObject>> AlertsAsync(this HostProcess host) =>
        [.. (await host.GetAsync("api/v1/alerts?page_size=500&include_transient=true"))["alerts"]!.AsArray().Select(alert => alert!.AsObject())];

    public static async Task<bool> AgreesWithAsync(this HostProcess host, IReadOnlyDictionary<string, decimal> nets)
    {
        var desks = await host.DesksAsync();
        foreach (var desk in desks)
        {
            if (await host.NetDeltaAsync(desk) != nets.GetValueOrDefault(desk))
            {
                return false;
            }
        }

        return nets.Keys.All(desks.Contains);
    }
}
