using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Tests.Hosting;

namespace RiskMonitor.Host.Tests.Operations;

/// <summary>What an auditor does beside a running host, and what somebody with the sqlite3 program cannot hide.</summary>
public sealed class AuditCommandsTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> LimitOfAMillion = new() { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" };

    private readonly TemporaryDirectory _data = new();
    private RiskManagerEndpoint _riskManager = null!;
    private HostProcess _host = null!;
    private string _alertId = "";

    public async ValueTask InitializeAsync()
    {
        _riskManager = await RiskManagerEndpoint.StartAsync();
        _host = await HostProcess.StartAsync(_riskManager.HostOptions(_data.Path), LimitOfAMillion);
        _riskManager.Monitor = _host.Http.BaseAddress;
        using var trading = new TradingClient(_data.Path);
        trading.Open("P1", "Rates", 1_100_000m);
        await Eventually.IsTrueAsync("the alert is consumed", async () => (await _host.AlertsAsync()).Any(alert => (string?)alert["status"] == "consumed"));
        trading.Close("P1");
        await Eventually.IsTrueAsync("the end of the breach is delivered", async () =>
            (await _host.GetAsync($"api/v1/alerts/{(string)(await _host.AlertsAsync())[0]["alert_id"]!}"))["alert"]!["deliveries"]!.AsArray()
                .Any(delivery => (string?)delivery!["type"] == "risk.alert.cured" && (string?)delivery["state"] == "delivered"));
        _alertId = (string)(await _host.AlertsAsync())[0]["alert_id"]!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _riskManager.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Beside_the_running_host_the_evidence_is_clean_and_an_edit_is_named()
    {
        var clean = await JsonAsync(0, "verify", "--json");
        Assert.True((bool)clean["clean"]!);
        Assert.Equal(1, (int)clean["rows_checked"]!["alerts"]!);
        var head = (string)clean["chains"]![0]!["head"]!;
        Assert.True((bool)(await JsonAsync(0, "verify", "--json", "--head", head))["clean"]!);

        Tamper("UPDATE alerts SET severity = 'LOW'");
        var edited = await JsonAsync(UsageException.NotAsRecorded, "verify", "--json");

        var finding = Assert.Single(edited["findings"]!.AsArray())!;
        Assert.Equal(("row_changed", "main", "alerts", _alertId), ((string?)finding["problem"], (string?)finding["chain"], (string?)finding["table"], (string?)finding["subject"]));
        var (exitCode, output, errors) = await RunAsync("verify");
        Assert.Equal(UsageException.NotAsRecorded, exitCode);
        Assert.Contains($"main:{finding["sequence"]}", output);
        Assert.Contains("severity is", output);
        Assert.Contains("1 findings", errors);
    }

    [Fact]
    public async Task A_head_that_was_published_shows_what_was_cut_off()
    {
        var head = (string)(await JsonAsync(0, "verify", "--json"))["chains"]![0]!["head"]!;
        Assert.Equal(0, await _host.TerminateAsync());
        Tamper("DELETE FROM evidence WHERE sequence > 3");
        Tamper("UPDATE evidence_heads SET sequence = 3, hash = (SELECT hash FROM evidence WHERE sequence = 3)");

        var found = await JsonAsync(UsageException.NotAsRecorded, "verify", "--json", "--head", head);

        Assert.Contains(found["findings"]!.AsArray(), finding => (string?)finding!["problem"] == "head_lost");
        var (exitCode, _, errors) = await RunAsync("verify", "--head", "main:x");
        Assert.Equal(UsageException.BadInput, exitCode);
        Assert.Contains("CHAIN:SEQUENCE:HASH", errors);
    }

    [Fact]
    public async Task Every_breach_has_its_alert_and_a_deleted_one_is_missed()
    {
        var complete = await JsonAsync(0, "completeness", "--from", "2026-01-01", "--json");
        Assert.Equal((1, 1, 0), ((int)complete["breaches"]!, (int)complete["alerts"]!, complete["differences"]!.AsArray().Count));
        Assert.Contains("breaches minus alerts is empty", (await RunAsync("completeness", "--from", "2026-01-01")).Output);

        Tamper("DELETE FROM alerts");
        var incomplete = await JsonAsync(UsageException.NotAsRecorded, "completeness", "--from", "2026-01-01", "--json");

        var difference = Assert.Single(incomplete["differences"]!.AsArray())!;
        Assert.Equal(("breach_without_alert", "Rates", _alertId), ((string?)difference["kind"], (string?)difference["desk"], (string?)difference["alert_id"]));
    }

    [Fact]
    public async Task The_messages_are_written_again_byte_for_byte_and_an_edited_one_differs()
    {
        var same = await JsonAsync(0, "replay", _alertId, "--json");
        var messages = same["messages"]!.AsArray();
        Assert.Equal(["risk.alert.opened", "risk.alert.cured"], messages.Select(message => (string?)message!["type"]));
        Assert.All(messages, message => Assert.Equal((string?)message!["sha256"], (string?)message["evidence_sha256"]));
        var received = _riskManager.Messages.Select(message => (string)message["timestamp"]!).ToList();
        Assert.All(messages, message => Assert.Contains((string)JsonNode.Parse((string)message!["computed"]!)!["timestamp"]!, received));
        Assert.Contains("the same, byte for byte", (await RunAsync("replay", _alertId)).Output);

        Tamper("""UPDATE alerts SET state = replace(state, '"threshold":1000000', '"threshold":2000000')""");
        Tamper("UPDATE risk_limits SET threshold = '2000000'");
        Assert.Equal(0, (await RunAsync("replay", _alertId)).ExitCode);
        Tamper("""UPDATE alerts SET state = replace(state, '"body_sha256":"', '"body_sha256":"0')""");

        var other = await JsonAsync(UsageException.NotAsRecorded, "replay", _alertId, "--json");
        Assert.False((bool)other["same"]!);
    }

    [Fact]
    public async Task The_report_of_an_alert_is_one_page()
    {
        var path = Path.Combine(_data.Path, "report.html");
        Assert.Equal(0, (await RunAsync("report", _alertId, "--out", path)).ExitCode);

        var html = await File.ReadAllTextAsync(path);
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Contains("main:", html);
        Assert.Contains("risk.alert.cured", html);
        var (exitCode, _, errors) = await RunAsync("report", "00000000-0000-0000-0000-000000000001");
        Assert.Equal(UsageException.NotPossible, exitCode);
        Assert.Contains("there is no alert", errors);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options) => HostProcess.RunAsync(["audit", .. options, "--data", _data.Path]);

    private async Task<JsonNode> JsonAsync(int expected, params string[] options)
    {
        var (exitCode, output, errors) = await RunAsync(options);
        Assert.True(exitCode == expected, $"exit code {exitCode}: {output} {errors}");
        return JsonNode.Parse(output)!;
    }

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data.Path, "riskmonitor.db")};Pooling=False;Default Timeout=60");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
