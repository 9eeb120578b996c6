using System.Net;
using System.Net.Sockets;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

/// <summary>Where endpoints that were set at run time may point.</summary>
public sealed class TargetAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void No_address_of_ours_is_dialled(string address) => Assert.False(new TargetAddresses([]).IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:80b::200e")]
    public void Public_addresses_are(string address) => Assert.True(new TargetAddresses([]).IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void A_network_of_the_configuration_is_allowed_and_its_neighbours_are_not()
    {
        var targets = new TargetAddresses([IPNetwork.Parse("10.20.0.0/16"), IPNetwork.Parse("::1/128")]);
        Assert.True(targets.IsAllowed(IPAddress.Parse("10.20.255.1")));
        Assert.True(targets.IsAllowed(IPAddress.Parse("::ffff:10.20.0.1")));
        Assert.True(targets.IsAllowed(IPAddress.IPv6Loopback));
        Assert.False(targets.IsAllowed(IPAddress.Parse("10.21.0.1")));
        Assert.False(targets.IsAllowed(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("webhook", "http://127.0.0.1:{0}/alerts")]
    [InlineData("webhook", "http://localhost:{0}/alerts")]
    [InlineData("webhook", "http://2130706433:{0}/alerts")]
    [InlineData("webhook", "http://[::ffff:127.0.0.1]:{0}/alerts")]
    [InlineData("slack", "http://127.1:{0}/alerts")]
    public async Task An_endpoint_set_at_run_time_does_not_reach_this_machine_however_it_is_written(string kind, string url)
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints();
        var port = new Uri(receiver.Url).Port;
        Set(endpoints, kind, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, port), kind == "webhook" ? Sender.Secret : null);

        var result = await endpoints.SendAsync("ops");
        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains("Alerting:AllowedNetworks", result.Detail, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task An_allowed_network_is_reached_and_a_redirect_to_another_is_not_followed()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(("Alerting:AllowedNetworks:0", "127.0.0.0/8"));
        Set(endpoints, "webhook", receiver.Url, Sender.Secret);
        Assert.Equal(DeliveryOutcome.Delivered, (await endpoints.SendAsync("ops")).Outcome);
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task A_mail_server_on_this_machine_is_not_reached_either()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var endpoints = new TestEndpoints();
        endpoints.Registry.Apply([new StoredEndpoint(
            "ops", 1, $$"""{"kind":"email","smtp_host":"localhost","smtp_port":{{((IPEndPoint)listener.LocalEndpoint).Port}},"smtp_security":"none","from":"a@b.example","to":["c@d.example"]}""", "", "", Sender.Noon)]);
        Assert.Contains("Alerting:AllowedNetworks", (await endpoints.SendAsync("ops", body: Breaches.Alert("FX", 1_600).Notice!.Body)).Detail, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    private static void Set(TestEndpoints endpoints, string kind, string url, string? secret) => endpoints.Registry.Apply([new StoredEndpoint(
        "ops", 1, System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string?> { ["kind"] = kind, ["url"] = url, ["secret"] = secret }.Where(pair => pair.Value is not null).ToDictionary()), "", "", Sender.Noon)]);
}
