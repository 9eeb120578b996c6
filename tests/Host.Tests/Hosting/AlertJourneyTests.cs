using System.Net;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>The whole way over real sockets: SQL in, webhook out, ack in.</summary>
public sealed class AlertJourneyTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> LimitOfAMillion = new() { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" };

    private readonly TemporaryDirectory _data = new();
    private RiskManagerEndpoint _riskManager = null!;
    private HostProcess _host = null!;

    public async ValueTask InitializeAsync()
    {
        _riskManager = await RiskManagerEndpoint.StartAsync();
        _host = await HostProcess.StartAsync(_riskManager.HostOptions(_data.Path), LimitOfAMillion);
        _riskManager.Monitor = _host.Http.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _riskManager.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_trade_over_the_limit_reaches_the_risk_manager_signed_and_the_ack_consumes_the_alert()
    {
        using var trading = new TradingClient(_data.Path);
        trading.Open("P1", "FX/Forwards", 999_999.9999m);
        trading.Open("P2", "FX/Forwards", 250_000.0002m);

        await Eventually.IsTrueAsync("the alert is consumed", async () => (await _host.AlertsAsync()).Any(alert => (string?)alert["status"] == "consumed"));

        var message = Assert.Single(_riskManager.Messages);
        Assert.Equal("risk.alert.opened", (string?)message["type"]);
        Assert.Equal("FX/Forwards", (string?)message["data"]!["desk"]);
        Assert.Equal("1250000.0001", (string?)message["data"]!["metric_value"]);
        Assert.Equal("250000.0001", (string?)message["data"]!["breach_amount"]);
        Assert.Equal("WARNING", (string?)message["data"]!["severity"]);
        Assert.NotEmpty((string)message["data"]!["analysis_text"]!);
        var alert = Assert.Single(await _host.AlertsAsync());
        Assert.Equal("reducing", (string?)alert["disposition"]);
        Assert.Equal("open", (string?)alert["breach_state"]);
        Assert.Empty(_riskManager.Refused);
    }

    [Fact]
    public async Task A_breach_that_grows_and_ends_is_one_alert_that_escalates_and_is_cured()
    {
        using var trading = new TradingClient(_data.Path);
        trading.Open("P1", "Rates", 1_100_000m);
        await MessageAsync("risk.alert.opened");
        trading.Reprice("P1", -1_600_000m);
        await MessageAsync("risk.alert.escalated");
        trading.Close("P1");
        await MessageAsync("risk.alert.cured");

        await Eventually.IsTrueAsync("the alert is consumed", async () => (await _host.AlertsAsync()).All(alert => (string?)alert["status"] == "consumed"));
        var alert = Assert.Single(await _host.AlertsAsync());
        Assert.Equal(("cured", "CRITICAL", 2), ((string?)alert["breach_state"], (string?)alert["severity"], (int)alert["revision"]!));
        Assert.Single(_riskManager.Messages.Select(message => (string)message["data"]!["alert_id"]!).Distinct());
    }

    [Fact]
    public async Task A_position_that_moves_to_another_desk_takes_its_risk_with_it()
    {
        using var trading = new TradingClient(_data.Path);
        trading.Open("P1", "Equities", 400_000m);
        trading.Open("P2", "Equities", 300_000m);
        trading.Move("P1", "Index \"Ω\" 100%");

        await Eventually.IsTrueAsync("both desks show it", async () =>
            (await _host.DesksAsync()).Count == 2 && await _host.AgreesWithAsync(trading.NetDeltas()));
        Assert.Equal(400_000m, await _host.NetDeltaAsync("Index \"Ω\" 100%"));
    }

    [Fact]
    public async Task A_limit_set_from_the_command_line_binds_the_running_host()
    {
        using var trading = new TradingClient(_data.Path);
        trading.Open("P1", "Rates", 600_000m);
        await Eventually.IsTrueAsync("the desk is known", async () => (await _host.DesksAsync()).Contains("Rates"));

        var (exitCode, output, errors) = await HostProcess.RunAsync(
            "limits", "set", "--data", _data.Path, "--desk", "Rates", "--threshold", "500000", "--reason", "mandate cut");

        Assert.True(exitCode == 0, errors);
        Assert.Contains("version 1", output);
        var message = await MessageAsync("risk.alert.opened");
        Assert.Equal(("500000.0000", "limit"), ((string?)message["data"]!["threshold_value"], (string?)message["data"]!["cause"]!["kind"]));
        var (_, list, _) = await HostProcess.RunAsync("limits", "--data", _data.Path);
        Assert.Contains("mandate cut", list);
    }

    [FactWithProgram("sqlite3", "sqlite3")]
    public async Task A_trade_made_with_the_sqlite3_program_is_seen_too()
    {
        using var sqlite3 = ChildProcess.Start("sqlite3", [
            _data.File("positions.db"),
            "INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) "
                + "VALUES ('P1', 'akim', 'Index Options', 'SPX-CALL-6200-20271218', 40, 1500000.25, '2026-11-20', 'USD')"]);
        await sqlite3.WaitForExitAsync();

        Assert.Equal(0, sqlite3.ExitCode);
        Assert.Equal("1500000.2500", (string?)(await MessageAsync("risk.alert.opened"))["data"]!["metric_value"]);
    }

    [Fact]
    public async Task It_is_alive_ready_and_measured()
    {
        Assert.Equal("ok", (string?)(await _host.GetAsync("health"))["status"]);
        Assert.Equal("ready", (string?)(await _host.GetAsync("ready"))["status"]);
        using var metrics = await _host.Http.GetAsync("metrics");
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
        using var api = await _host.Http.GetAsync("openapi/v1.json");
        Assert.Contains("/api/v1/alerts/{alert_id}/ack", await api.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Asked_to_stop_it_ends_cleanly_and_soon() => Assert.Equal(0, await _host.TerminateAsync());

    private Task<System.Text.Json.Nodes.JsonObject> MessageAsync(string type) => Eventually.FindAsync(
        $"a {type} arrives", () => Task.FromResult(_riskManager.Messages.FirstOrDefault(message => (string?)message["type"] == type)));
}
