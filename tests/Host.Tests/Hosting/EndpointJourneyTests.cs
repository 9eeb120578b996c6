using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>Endpoints of a running host: set without a restart, and the sample receiver of the documentation.</summary>
public sealed class EndpointJourneyTests
{
    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000",
        ["RiskMonitor__Alerting__AllowedNetworks__0"] = "127.0.0.0/8",
        ["RiskMonitor__Alerting__EndpointsInterval"] = "00:00:00.200",
        ["RiskMonitor__EndpointSettings__Key"] = Convert.ToBase64String(new byte[32]),
    };

    [Fact]
    public async Task An_alert_that_waits_for_an_endpoint_goes_to_the_one_that_an_operator_sets()
    {
        using var data = new TemporaryDirectory();
        await using var manager = await RiskManagerEndpoint.StartAsync();
        await using var host = await HostProcess.StartAsync(["--no-demo", "--port", "0", "--data", data.Path], s_environment);
        using var trading = new TradingClient(data.Path);
        trading.Open("P1", "Rates", 1_500_000m);
        await Eventually.IsTrueAsync("the alert waits for an endpoint", async () => (await host.AlertsAsync()).Any(alert => ((string?)alert["last_delivery_error"])?.Contains("Webhook:Url", StringComparison.Ordinal) == true));

        using var set = await host.Http.PutAsJsonAsync("/api/v1/endpoints/ops", new JsonObject
        {
            ["kind"] = "webhook",
            ["url"] = manager.Url,
            ["secret"] = manager.Secret,
            ["version"] = 0,
            ["reason"] = "the desk has a receiver now",
        });
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        await Eventually.IsTrueAsync("the alert is delivered", async () => (await host.AlertsAsync()).Any(alert => (string?)alert["status"] == "delivered"));
        Assert.Equal("risk.alert.opened", (string?)Assert.Single(manager.Messages)["type"]);
        var row = Assert.Single((await host.GetAsync("/api/v1/deliveries?state=delivered"))["deliveries"]!.AsArray())!;
        Assert.Equal(("ops", 204, 1), ((string?)row["endpoint"], (int)row["last_status"]!, (int)row["attempts"]!));

        // The database shows neither the secret nor the address.
        foreach (var file in Directory.GetFiles(data.Path, "riskmonitor.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var text = new StreamReader(open, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(manager.Secret, await text.ReadToEndAsync(), StringComparison.Ordinal);
        }

        using var test = await host.Http.PostAsync("/api/v1/endpoints/ops/test", null);
        Assert.Equal("delivered", (string?)(await test.Content.ReadFromJsonAsync<JsonObject>())!["outcome"]);
        Assert.Equal("risk.endpoint.test", (string?)manager.Messages.Last()["type"]);

        var (exitCode, output, errors) = await HostProcess.RunAsync(s_environment, "endpoints", "list", "--data", data.Path);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("the desk has a receiver now", output, StringComparison.Ordinal);
        Assert.Contains(manager.Url, output, StringComparison.Ordinal);
        Assert.DoesNotContain(manager.Secret, output, StringComparison.Ordinal);
        (exitCode, _, errors) = await HostProcess.RunAsync("endpoints", "remove", "ops", "--expected-version", "1", "--data", data.Path);
        Assert.True(exitCode == 0, errors);
        await Eventually.IsTrueAsync("the endpoint is gone", async () => (await host.Http.PostAsync("/api/v1/endpoints/ops/test", null)).StatusCode == HttpStatusCode.NotFound);
    }

    [FactWithProgram("python3", "python3")]
    public async Task The_sample_receiver_acknowledges_what_the_product_sends()
    {
        using var data = new TemporaryDirectory();
        var secret = StandardWebhook.NewSecret();
        var port = FreePort();
        await using var host = await HostProcess.StartAsync(
            ["--no-demo", "--port", "0", "--data", data.Path, "--webhook", $"http://127.0.0.1:{port}/alerts", "--webhook-secret", secret], s_environment);
        var start = new ProcessStartInfo("python3", [Path.Combine(Repository(), "docs", "receivers", "python", "receiver.py"), port.ToString(CultureInfo.InvariantCulture)])
        {
            Environment = { ["WEBHOOK_SECRET"] = secret, ["MONITOR_URL"] = host.Http.BaseAddress!.ToString().TrimEnd('/') },
        };
        using var receiver = ChildProcess.Start(start);
        try
        {
            using var trading = new TradingClient(data.Path);
            trading.Open("P1", "Ōsaka/FX", 1_500_000m);
            await Eventually.IsTrueAsync("the receiver has acknowledged", async () => (await host.AlertsAsync()).Any(alert => (string?)alert["status"] == "consumed"));
            Assert.Equal("seen by the receiver", (string?)(await host.AlertsAsync()).Single()["ack_comment"]);
        }
        finally
        {
            receiver.Kill(entireProcessTree: true);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
