using RiskMonitor.Demo;
using RiskMonitor.Demo.Story;
using RiskMonitor.McpFrontend;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host;

/// <summary>The first lines of the demo: what it is, where to look and what to try.</summary>
internal static class Welcome
{
    public static async Task PrintAsync(TextWriter output, Ink ink, HostSettings settings, string url, bool isLocalAdmin)
    {
        var desk = Uri.EscapeDataString(SampleDesk.All[0].Name);
        await output.SayAsync($"""

            {ink.Bold($"RiskMonitor")} watches the risk of trading desks while trades happen.

            {SampleDesk.All.Count} demo desks trade in {settings.PositionsPath}. A desk that crosses its limit raises one alert: analysed,
            delivered by signed webhook to {settings.WebhookUrl ?? "a demo risk manager"}, and alive until acknowledged. The first comes within seconds.

              the console, in a browser      {ink.Blue($"{url}/")}
              desks and their use of limits  {ink.Blue($"{url}/api/v1/desks")}
              one desk's exposure            {ink.Blue($"{url}/api/v1/desks/{desk}/exposure")}
              alerts, newest first           {ink.Blue($"{url}/api/v1/alerts")}
              metrics                        {ink.Blue($"{url}/metrics")}
              the API                        {ink.Blue($"{url}/openapi/v1.json")}
              MCP, for agents                {ink.Blue($"{url}{FrontendServices.McpPath}")}

            {(isLocalAdmin
                ? "No key is needed until there is a user: every program on this machine is local-admin and sees everything (./run users add --help). Behind a proxy: --require-users."
                : "Every request needs a key: -H 'Authorization: Bearer rmk_…' (./run users add --help).")}

            Trade yourself, from another terminal:

              sqlite3 {settings.PositionsPath} "UPDATE positions SET delta = '30000000' WHERE position_id = 'POS-000001'"

            """);
    }
}
