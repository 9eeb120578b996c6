using System.Diagnostics;
using MySqlConnector;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>The statements of <c>deploy/mysql</c>, run on a server of their own.</summary>
public sealed class DeployedUsersTests : IAsyncLifetime
{
    private const string MonitorPassword = "it's \"monitor\" \\ ünï";
    private const string DebeziumPassword = "deb'ezium";

    private MariaDbServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        SharedMariaDb.SkipWhereMissing();
        _server = await MariaDbServer.StartAsync();
        await ApplyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_user_can_do_its_work_and_nothing_else()
    {
        // A second time, as after an upgrade.
        await ApplyAsync();

        var monitor = Connection("riskmonitor", MonitorPassword, "riskmonitor");
        await using (var database = await TestDatabase.OpenMySqlAsync(monitor, null, null, () => Task.CompletedTask))
        {
            await database.Get<IAlertStore>().SaveAsync(Samples.Alert("Rates"), [], default);
        }

        await ExecuteAsync(Connection("debezium", DebeziumPassword, "trading"), "SELECT position_id, delta FROM positions");
        await ExecuteAsync(Connection("debezium", DebeziumPassword, ""), "SHOW MASTER STATUS");
        await RefusedAsync(monitor, "SELECT * FROM trading.positions");
        await RefusedAsync(monitor, "CREATE USER other");
        await RefusedAsync(Connection("debezium", DebeziumPassword, "trading"), "DELETE FROM positions");
        await RefusedAsync(Connection("debezium", DebeziumPassword, ""), "SELECT * FROM riskmonitor.users");
    }

    [Fact]
    public async Task The_positions_table_takes_what_the_contract_says_and_refuses_blanks()
    {
        const string Insert = "INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency) VALUES ";
        var trading = _server.ConnectionString("trading");
        await ExecuteAsync(trading, $"{Insert} ('p-1', 't-1', 'Zinsen 王', 'AAPL-CALL-175-20270115', 999999999999999999.0001, NULL, '2026-05-02', 'USD')");
        await ExecuteAsync(trading, $"{Insert} ('P-1', 't-1', 'Zinsen 王', 's', -1.5, 2, '2026-05-02', 'EUR')");

        foreach (var row in new[] { "(' ', 't', 'd', 's', 1, 1, '2026-05-02', 'USD')", "('p', 't', ' ', 's', 1, 1, '2026-05-02', 'USD')", "('p', 't', 'd', 's', 1, 1, '2026-05-02', 'usd')", "('p', 't', 'd', 's', 1000000000000000000, 1, '2026-05-02', 'USD')" })
        {
            await Assert.ThrowsAsync<MySqlException>(() => ExecuteAsync(trading, $"{Insert} {row}"));
        }
    }

    private Task ApplyAsync() => RunAsync(new ProcessStartInfo(Path.Combine(Repository.Root, "deploy", "mysql", "apply.sh"))
    {
        Environment =
        {
            ["MONITOR_PASSWORD"] = MonitorPassword,
            ["DEBEZIUM_PASSWORD"] = DebeziumPassword,
            ["MYSQL_PWD"] = MariaDbServer.Password,
            ["SQL_CLIENT"] = $"mariadb --no-defaults --default-character-set=utf8mb4 --host=127.0.0.1 --port={_server.Port} --user={MariaDbServer.User}",
        },
    });

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }

    private string Connection(string user, string password, string database) => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1",
        Port = (uint)_server.Port,
        UserID = user,
        Password = password,
        Database = database,
    }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task RefusedAsync(string connectionString, string sql)
    {
        var error = await Assert.ThrowsAsync<MySqlException>(() => ExecuteAsync(connectionString, sql));
        Assert.Contains("denied", error.Message);
    }
}
