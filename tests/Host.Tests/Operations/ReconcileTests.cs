using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.Host.Tests.Operations;

/// <summary>The monitor was told wrong things of the table, as after a fault of its own or of somebody who wrote in its tables.</summary>
public sealed class ReconcileTests : IDisposable
{
    private const string Desk = "FX 'spot'";

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Every_difference_is_printed_and_corrected_beside_a_running_monitor()
    {
        await using var host = await StartAsync();
        Trade("INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES "
            + "('A', 'akim', 'FX ''spot''', 'EURUSD', '1', '100', '2026-11-20', 'USD'), ('B', 'akim', 'FX ''spot''', 'EURUSD', '1', '20', '2026-11-20', 'USD'), ('C', 'akim', 'Rates', 'EURUSD', '1', '3', '2026-11-20', 'USD')");
        await NetIsAsync(host, Desk, 120);
        await NetIsAsync(host, "Rates", 3);
        Assert.Contains("no differences", (await ReconcileAsync()).Output);

        // A has another delta, B is gone, GHOST never was, and of one message not even the position can be read.
        Tell("'u'", "'A'", "FX ''spot''", 150);
        Trade("INSERT INTO positions_outbox (at, op, position_id, was_desk) VALUES (1764000000000, 'd', 'B', 'FX ''spot''')");
        Tell("'c'", "'GHOST'", "FX ''spot''", 7);
        Trade("INSERT INTO positions_outbox (at, op, desk) VALUES (1764000000000, 'u', 'FX ''spot''')");
        await NetIsAsync(host, Desk, 157);
        await StateIsAsync(host, "unproven");

        var (code, output, errors) = await ReconcileAsync("--desk", Desk);
        Assert.Equal(1, code);
        Assert.Contains("3 differences", errors);
        Assert.Contains("holds \"A\" with delta 150 instead of 100", output);
        Assert.Contains("lacks \"B\": delta 20 USD", output);
        Assert.Contains("holds \"GHOST\", which is not in the table: delta 7 USD", output);
        Assert.Contains("as of entry", output);

        var repaired = await ReconcileAsync("--fix");
        Assert.True(repaired.ExitCode == 0, repaired.Errors);
        Assert.Contains("3 corrections written to the log", repaired.Output);
        Assert.Contains("unproven has ended", repaired.Output);
        await NetIsAsync(host, Desk, 120);
        await StateIsAsync(host, "live");
        Assert.Equal(0, (await ReconcileAsync()).ExitCode);

        var audited = await HostProcess.RunAsync("audit", "--data", _data.Path);
        Assert.Contains("reconcile", audited.Output);
    }

    [Fact]
    public async Task A_correction_that_breaches_a_limit_is_told_apart_from_a_trade()
    {
        await using var host = await StartAsync();
        Trade("INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES ('A', 'akim', 'FX', 'EURUSD', '1', '5000', '2026-11-20', 'USD')");
        await Eventually.IsTrueAsync("the breach is known", async () => (await host.AlertsAsync()).Count == 1);
        Tell("'u'", "'A'", "FX", 1);
        await NetIsAsync(host, "FX", 1);

        var repaired = await ReconcileAsync("--fix");

        Assert.True(repaired.ExitCode == 0, repaired.Errors);
        JsonNode? alert = null;
        await Eventually.IsTrueAsync("the corrected figure is a breach of its own", async () =>
            (alert = (await host.AlertsAsync()).FirstOrDefault(found => (int)found["episode"]! == 2)) is not null);
        var cause = (await host.GetAsync($"api/v1/alerts/{alert!["alert_id"]}"))["alert"]!["cause"]!;
        Assert.StartsWith("reconcile:req_", (string?)cause["transaction_id"]);
    }

    [Fact]
    public async Task Without_a_running_monitor_differences_are_found_and_the_corrections_wait_for_its_start()
    {
        await using (var host = await StartAsync())
        {
            Trade("INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES ('A', 'akim', 'FX', 'EURUSD', '1', '5', '2026-11-20', 'USD')");
            Tell("'u'", "'A'", "FX", 1);
            await NetIsAsync(host, "FX", 1);
            await host.TerminateAsync();
        }

        // A change that nobody has read is no difference.
        Trade("INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES ('NEW', 'akim', 'FX', 'EURUSD', '1', '10', '2026-11-20', 'USD')");
        var (code, output, errors) = await ReconcileAsync();
        Assert.Equal((1, true), (code, errors.Contains("1 difference;")));
        Assert.Contains("not compared: 1 position with changes", output);

        Assert.Contains("start the monitor", (await ReconcileAsync("--fix")).Errors);
        await using var next = await StartAsync();
        await NetIsAsync(next, "FX", 15);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_said()
    {
        var nothing = await ReconcileAsync();
        Assert.Equal(2, nothing.ExitCode);
        await using var host = await StartAsync();

        var unknown = await ReconcileAsync("--desk", "no such desk");

        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("no such desk", unknown.Errors);
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(
        ["--no-demo", "--port", "0", "--data", _data.Path], new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000" });

    private Task<(int ExitCode, string Output, string Errors)> ReconcileAsync(params string[] options) => HostProcess.RunAsync(["reconcile", "--data", _data.Path, .. options]);

    /// <summary>Says of a position in the log what its row does not say.</summary>
    private void Tell(string op, string id, string desk, int delta) => Trade(
        "INSERT INTO positions_outbox (at, op, position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency, created_at, updated_at) "
        + $"VALUES (1764000000000, {op}, {id}, 'akim', '{desk}', 'EURUSD', '1', '{delta}', '2026-11-20', 'USD', '2026-11-20', '2026-11-20')");

    private void Trade(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(_data.Path, "positions.db"),
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 10,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Task NetIsAsync(HostProcess host, string desk, decimal net) => Eventually.IsTrueAsync($"{desk} is at {net}", async () =>
    {
        try
        {
            return await host.NetDeltaAsync(desk) == net;
        }
        catch (HttpRequestException)
        {
            // There is no such desk yet.
            return false;
        }
    });

    private static Task StateIsAsync(HostProcess host, string state) =>
        Eventually.IsTrueAsync($"the feed is {state}", async () => (string?)(await host.GetAsync("api/v1/desks"))["feed"]!["state"] == state);
}
