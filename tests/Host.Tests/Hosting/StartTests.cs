using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskMonitor.Host.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task A_first_run_tells_of_a_breach_its_delivery_and_its_ack_without_being_asked()
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path]);

        foreach (var word in new[] { "trades", "BREACH", "analysed", "delivered", "acknowledged by demo risk manager", "CURED" })
        {
            await Eventually.IsTrueAsync($"the story tells '{word}'", () => host.Output.Any(line => line.Contains(word, StringComparison.Ordinal)));
        }

        Assert.Equal(8, (await host.DesksAsync()).Count);
        Assert.DoesNotContain(host.Output, line => line.Contains('\e'));
        Assert.Empty(host.Alarms());
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public async Task A_replay_shows_the_figures_that_the_file_leads_to()
    {
        await File.WriteAllLinesAsync(_data.File("events.jsonl"), [
            Event(0, "P1", "c", ("Rates", "700000.5000")),
            Event(1, "P2", "c", ("Rates", "600000.0000")),
            Event(2, "P3", "c", ("Credit", "-50000.0000")),
            Event(3, "P2", "d", null),
            "this is no event",
        ]);
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", _data.Path, "--replay", _data.File("events.jsonl")],
            new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" });

        Assert.Equal(700_000.5m, await host.NetDeltaAsync("Rates"));
        Assert.Equal(-50_000m, await host.NetDeltaAsync("Credit"));
        await Eventually.IsTrueAsync("the breach of the past has its alert", async () =>
            (await host.AlertsAsync()).Any(alert => (string?)alert["desk"] == "Rates" && (string?)alert["breach_state"] == "cured"));
        var (exitCode, output, _) = await HostProcess.RunAsync("dead-letters", "--data", _data.Path);
        Assert.Equal(0, exitCode);
        Assert.Contains("this is no event", output);
        Assert.Contains("1 of 1 dead letters", output);
    }

    [Theory]
    [InlineData("'--prot' is not an option; did you mean --port?", "--prot", "9000")]
    [InlineData("Port is 'x'; give a number from 0 to 65535", "--port", "x")]
    [InlineData("Webhook:Secret is missing", "--webhook", "http://127.0.0.1:9/hook")]
    [InlineData("Webhook:Secret is not a webhook secret", "--webhook", "http://127.0.0.1:9/hook", "--webhook-secret", "hush")]
    [InlineData("which is no file", "--replay", "/no/such/file.jsonl")]
    [InlineData("there is no", "limits", "list")]
    public async Task A_wrong_option_ends_with_code_2_and_says_what_to_change(string message, params string[] options)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync([.. options, .. options.Contains("--prot") ? Array.Empty<string>() : ["--data", _data.Path]]);

        Assert.Equal(2, exitCode);
        Assert.Contains($"riskmonitor: ", errors);
        Assert.Contains(message, errors);
        Assert.DoesNotContain("   at ", errors);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_port_in_use_and_data_in_use_are_told_with_a_way_out()
    {
        await using var host = await HostProcess.StartAsync(["--no-demo", "--port", "0", "--data", _data.Path]);
        var port = host.Http.BaseAddress!.Port.ToString(CultureInfo.InvariantCulture);

        var (_, _, samePort) = await HostProcess.RunAsync("--no-demo", "--port", port, "--data", _data.File("other"));
        var (exitCode, _, sameData) = await HostProcess.RunAsync("--no-demo", "--port", "0", "--data", _data.Path);

        Assert.Contains($"port {port} is in use", samePort);
        Assert.Contains("--port N", samePort);
        Assert.Contains($"another RiskMonitor runs on {_data.Path}", sameData);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task The_help_says_how_to_start()
    {
        var (exitCode, output, _) = await HostProcess.RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("usage: ./run [options]", output);
        Assert.Contains("RiskMonitor__Limits__DefaultNetDelta", output);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var (exitCode, output, _) = await HostProcess.RunAsync("--version");

        Assert.Equal(0, exitCode);
        Assert.StartsWith(typeof(CommandRunner).Assembly.GetName().Version!.ToString(3), output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    /// <summary>A change event as <c>kcat -J</c> prints it.</summary>
    private static string Event(int offset, string positionId, string op, (string Desk, string Delta)? after)
    {
        var row = after is null ? null : new JsonObject
        {
            ["position_id"] = positionId,
            ["trader_id"] = "akim",
            ["desk"] = after.Value.Desk,
            ["security_id"] = "SPX-CALL-6200-20271217",
            ["quantity"] = "10.0000",
            ["delta"] = after.Value.Delta,
            ["entry_date"] = "2026-11-20",
            ["currency"] = "USD",
            ["created_at"] = "2026-11-20T09:00:00Z",
            ["updated_at"] = "2026-11-20T09:00:00Z",
        };
        var source = new JsonObject { ["file"] = "binlog.000001", ["pos"] = 1000 + offset, ["row"] = 0, ["ts_ms"] = 1_795_000_000_000 + offset, ["snapshot"] = "false" };
        return new JsonObject
        {
            ["topic"] = "positions_cdc",
            ["partition"] = 0,
            ["offset"] = offset,
            ["ts"] = 1_795_000_000_000 + offset,
            ["key"] = new JsonObject { ["position_id"] = positionId }.ToJsonString(),
            ["payload"] = new JsonObject { ["before"] = null, ["after"] = row, ["source"] = source, ["op"] = op, ["ts_ms"] = 1_795_000_000_001 + offset }.ToJsonString(),
        }.ToJsonString();
    }
}
